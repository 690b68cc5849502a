import type { TaskId } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { isLive } from "../../../shared/model/session.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Store } from "../store/store.ts";
import { planRemovals } from "./plan-removals.ts";
import type { Removals } from "./removals.ts";

const LOOK_EVERY_MS = 10 * 60_000;

export interface WorktreeKeeperParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly removals: Removals;
  readonly keepHoursOf: (project: Project) => number | "off";
}

/** Removes the worktrees of tasks that are over once they have had their time, and lets removals go that are too old to be undone. */
export class WorktreeKeeper {
  readonly #parts: WorktreeKeeperParts;
  /** Told once: tasks whose worktree cannot be removed. */
  readonly #kept = new Set<TaskId>();
  #ends: Disposable[] = [];
  #work: Promise<void> = Promise.resolve();
  #isLooking = false;
  #isStale = false;
  #isLeaving = false;

  constructor(parts: WorktreeKeeperParts) {
    this.#parts = parts;
  }

  run(): void {
    const { store, clock } = this.#parts;
    const stop = store.onCommit(({ events }) => {
      const isOver = ({ kind, data }: (typeof events)[number]) =>
        (kind === "task.status" && (data.to === "landed" || data.to === "cancelled")) ||
        (kind === "session.state" && !isLive(data.to as Parameters<typeof isLive>[0]));
      if (events.some(isOver)) this.#wake();
    });
    this.#ends = [{ [Symbol.dispose]: stop }, clock.every(LOOK_EVERY_MS, () => this.#wake())];
    this.#wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isLeaving = true;
    for (const end of this.#ends) end[Symbol.dispose]();
    await this.#work;
  }

  /** Resolves when everything that is due has been done. */
  async settled(): Promise<void> {
    await this.#work;
  }

  #wake(): void {
    this.#isStale = true;
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#work = this.#look().finally(() => {
      this.#isLooking = false;
    });
  }

  async #look(): Promise<void> {
    while (this.#isStale && !this.#isLeaving) {
      this.#isStale = false;
      const { remove, letGo } = this.#plan();
      for (const { task, why } of remove) {
        if (this.#isLeaving) return;
        await this.#remove(task, why);
      }
      for (const id of letGo) {
        if (this.#isLeaving) return;
        await this.#letGo(id);
      }
    }
  }

  #plan() {
    const { store, clock, keepHoursOf } = this.#parts;
    const projects = new Map(store.projects.list().map((project) => [project.name, project]));
    const livedIn = new Set(store.sessions.list({ isLive: true }).map(({ task }) => task));
    const all = store.removals.list();
    const restored = new Map(all.map(({ task, restoredAt }) => [task, restoredAt]));
    const tasks = store.tasks
      .list({ status: ["landed", "cancelled"] })
      .flatMap(({ id, status, since, worktree, project: name }) => {
        const project = projects.get(name);
        if (worktree === null || !project) return [];
        const keepHours = keepHoursOf(project);
        const isLivedIn = livedIn.has(id);
        const restoredAt = restored.get(id) ?? null;
        const restoredMs = restoredAt === null ? null : Date.parse(restoredAt);
        return [{ id, status, sinceMs: Date.parse(since), restoredMs, isLivedIn, keepHours }];
      });
    const removals = all.map(({ id, at }) => ({ id, atMs: Date.parse(at) }));
    const plan = planRemovals({ nowMs: clock.now().getTime(), tasks, removals });
    return {
      // Ids of the tasks given above.
      remove: plan.remove.map(({ task, why }) => ({ task: task as TaskId, why })),
      letGo: plan.letGo,
    };
  }

  async #remove(task: TaskId, why: string): Promise<void> {
    const { removals } = this.#parts;
    try {
      await removals.remove(task, why, "worktree keeper");
    } catch (error) {
      this.#tellKept(task, error);
    }
  }

  async #letGo(id: number): Promise<void> {
    const { store, removals, log } = this.#parts;
    const removal = store.removals.list().find((each) => each.id === id);
    if (!removal) return;
    try {
      await removals.letGo(removal);
    } catch (error) {
      log.warn({ error, removal: id }, "a removal could not be let go");
    }
  }

  #tellKept(task: TaskId, error: unknown): void {
    const { store, log } = this.#parts;
    log.warn({ error, task }, "a worktree could not be removed");
    if (this.#kept.has(task)) return;
    this.#kept.add(task);
    const reason = error instanceof Error ? error.message : String(error);
    store.write("worktree keeper", (record) =>
      record("worktree.kept", task, { reason: reason.slice(0, 500) }),
    );
  }
}
