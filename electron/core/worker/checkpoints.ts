import { existsSync } from "node:fs";
import type { SessionId, TaskId } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { isLive, type Session } from "../../../shared/model/session.ts";
import { isOver } from "../../../shared/model/task.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { checkpointWorktree } from "../git/checkpoint.ts";
import { openRepository } from "../git/repository.ts";
import type { Store, TaskRecord } from "../store/store.ts";

const LOOK_EVERY_MS = 60_000;
/** What an end waits for its checkpoint at most: everything has to stop within five seconds. */
const BEFORE_END_MS = 1_500;
export const CHECKPOINT_MINUTES = 3;

export interface CheckpointParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly minutesOf: (project: Project) => number;
}

/**
 * Keeps what workers have not committed as commits that nobody sees: every few minutes where something changed, before a
 * session is ended, and after one that ended without.
 */
export class Checkpoints {
  readonly #parts: CheckpointParts;
  /** By worktree: what the newest look saw, and when it was. */
  readonly #seen = new Map<string, { readonly fingerprint: string; readonly atMs: number }>();
  readonly #troubled = new Set<TaskId>();
  readonly #leftOut = new Map<TaskId, string>();
  readonly #leaving = new AbortController();
  #ends: Disposable[] = [];
  readonly #work = new Set<Promise<void>>();
  #isInRound = false;

  constructor(parts: CheckpointParts) {
    this.#parts = parts;
  }

  /** Begins with the worktrees of all tasks that are not over: their sessions may have died while no core was there. */
  run(): void {
    const { store, clock } = this.#parts;
    const stop = store.onCommit(({ events }) => {
      for (const event of events) if (event.kind === "session.state") this.#onState(event.subject);
    });
    this.#ends = [{ [Symbol.dispose]: stop }, clock.every(LOOK_EVERY_MS, () => this.#look(false))];
    this.#look(true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ends) end[Symbol.dispose]();
    this.#leaving.abort(new Error("the core is stopping"));
    await this.settled();
  }

  /** Resolves when nothing is being kept any more. */
  async settled(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  /** Keeps what the session's worktree holds before it is ended; gives up waiting, not keeping, after a moment. Never rejects. */
  async beforeEnd(session: Pick<Session, "task">): Promise<void> {
    const task = session.task ? this.#parts.store.tasks.find(session.task) : undefined;
    if (!task) return;
    const waiting = new AbortController();
    const timeUp = this.#parts.clock.wait(BEFORE_END_MS, waiting.signal).catch(() => undefined);
    await Promise.race([this.keep(task), timeUp]);
    waiting.abort(new Error("the checkpoint is made, or its time is up"));
  }

  /** Keeps what the task's worktree holds now, if it has one. A failure is told once and rejects nothing: work goes on without. */
  keep(task: TaskRecord): Promise<void> {
    return this.#follow(this.#keep(task, openRepository));
  }

  #follow(work: Promise<void>): Promise<void> {
    const followed = work.finally(() => this.#work.delete(followed));
    this.#work.add(followed);
    return followed;
  }

  async #keep(task: TaskRecord, open: typeof openRepository): Promise<void> {
    const { store, clock } = this.#parts;
    const { id, worktree: path } = task;
    const project = store.projects.find(task.project);
    if (!path || !project || !existsSync(path)) return;
    try {
      const repo = await open(project.path);
      const seen = this.#seen.get(path)?.fingerprint ?? null;
      const made = await checkpointWorktree({
        repo,
        path,
        task: `${store.identity}/${id}`,
        seen,
        signal: this.#leaving.signal,
      });
      this.#seen.set(path, { fingerprint: made.seen, atMs: clock.monotonicMs() });
      this.#troubled.delete(id);
      if (made.kind === "saved") this.#tellLeftOut(id, made.leftOut);
    } catch (error) {
      if (!this.#leaving.signal.aborted) this.#tellTrouble(id, error);
    }
  }

  #onState(subject: string): void {
    const { store } = this.#parts;
    // Events of kind `session.state` have the session as their subject.
    const session = store.sessions.find(subject as SessionId);
    if (!session || isLive(session.state)) return;
    const task = session.task ? store.tasks.find(session.task) : undefined;
    if (task) void this.keep(task);
  }

  /** One worktree after another, so that twenty-five of them do not take the machine. */
  #look(isFirst: boolean): void {
    if (this.#isInRound) return;
    this.#isInRound = true;
    void this.#follow(
      this.#lookAtEach(isFirst).finally(() => {
        this.#isInRound = false;
      }),
    );
  }

  async #lookAtEach(isFirst: boolean): Promise<void> {
    const { store } = this.#parts;
    const ids = isFirst
      ? store.tasks.list().flatMap((task) => (isOver(task.status) ? [] : [task.id]))
      : store.sessions
          .list({ isLive: true })
          .flatMap((session) => (session.task === null ? [] : [session.task]));
    // Asking git where a repository is takes longer than the look at a worktree in which nothing has changed.
    const opened = new Map<string, ReturnType<typeof openRepository>>();
    const openOnce = (path: string) => {
      const repo = opened.get(path) ?? openRepository(path);
      opened.set(path, repo);
      return repo;
    };
    for (const id of ids) {
      if (this.#leaving.signal.aborted) return;
      const task = store.tasks.find(id);
      if (task && (isFirst || this.#isDue(task))) await this.#follow(this.#keep(task, openOnce));
    }
  }

  #isDue({ project: name, worktree }: TaskRecord): boolean {
    const { store, clock, minutesOf } = this.#parts;
    const project = store.projects.find(name);
    const last = worktree === null ? undefined : this.#seen.get(worktree);
    if (!project || !last) return true;
    return clock.monotonicMs() - last.atMs >= minutesOf(project) * 60_000;
  }

  #tellLeftOut(id: TaskId, files: readonly string[]): void {
    const names = files.join("\0");
    if ((this.#leftOut.get(id) ?? "") === names) return;
    this.#leftOut.set(id, names);
    if (files.length === 0) return;
    this.#parts.store.write("checkpoints", (record) =>
      record("task.checkpoint-partial", id, {
        reason: `Too big to be kept every few minutes, or a repository of its own: ${files.slice(0, 5).join(", ")}`,
        files: files.slice(0, 50),
        count: files.length,
      }),
    );
  }

  #tellTrouble(id: TaskId, error: unknown): void {
    this.#parts.log.warn({ error, task: id }, "a checkpoint could not be made");
    if (this.#troubled.has(id)) return;
    this.#troubled.add(id);
    const reason = error instanceof Error ? error.message : String(error);
    try {
      this.#parts.store.write("checkpoints", (record) =>
        record("task.checkpoint-failed", id, { reason: reason.slice(0, 500) }),
      );
    } catch (failure) {
      this.#parts.log.warn({ error: failure, task: id }, "… and that could not be told");
    }
  }
}
