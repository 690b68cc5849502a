import { type Check, type CheckResult, hasPassed } from "../../../shared/model/check.ts";
import { noteOfCheck } from "../../../shared/model/describe-tests.ts";
import type { SessionId, TaskId } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import type { Store, TaskRecord } from "../store/store.ts";
import { isHeld } from "../task/task-machine.ts";
import { whileLive } from "../worker/while-live.ts";
import type { TaskSteps } from "./task-steps.ts";

export type FinishOutcome =
  | { readonly kind: "queued"; readonly entry: string }
  | { readonly kind: "already"; readonly status: TaskRecord["status"] }
  | { readonly kind: "not-held" }
  | { readonly kind: "uncommitted"; readonly files: readonly string[] }
  | { readonly kind: "nothing-committed" }
  /** It came back from the queue, and there is no commit since. */
  | { readonly kind: "unchanged"; readonly reason: string }
  | { readonly kind: "checks-failed"; readonly failed: CheckResult }
  /** Its checks pass, and it is not taken all the same. */
  | { readonly kind: "refused"; readonly why: string };

export interface FinishParts {
  readonly store: Store;
  readonly steps: TaskSteps;
  /** What the worktree holds: files not committed, the commit at its head, commits beyond where it left the target. */
  readonly readWorktree: (
    task: TaskRecord,
    project: Project,
  ) => Promise<{ dirty: readonly string[]; head: string; commits: number }>;
  /** Rejects once `signal` aborts: the session is over. */
  readonly runCheck: (
    check: Check,
    task: TaskRecord,
    session: SessionId,
    signal: AbortSignal,
  ) => Promise<CheckResult>;
  /** Why work that passes its checks is not taken; null where it is. */
  readonly inspect: (task: TaskRecord, head: string, summary: string) => Promise<string | null>;
  /** Puts the branch into the merge queue; called inside the transaction that moves the task. Returns the entry's id. */
  readonly enqueue: (task: TaskRecord, head: string, summary: string) => string;
}

/**
 * The quality gate: a task is done when its work is committed and its checks pass on it, and not before.
 * Running it again for work that was accepted answers the same, so that an answer lost in a crash can be asked for once more.
 */
export class TaskFinisher {
  readonly #parts: FinishParts;
  /** By task and session: what one session is answered is not for the next. */
  readonly #running = new Map<string, Promise<FinishOutcome>>();

  constructor(parts: FinishParts) {
    this.#parts = parts;
  }

  /** The work of the task's session is being looked at and its checks run. */
  isFinishing(id: TaskId, session: SessionId): boolean {
    return this.#running.has(keyOf(id, session));
  }

  finish(id: TaskId, session: SessionId, summary: string, cause: string): Promise<FinishOutcome> {
    const key = keyOf(id, session);
    const running = this.#running.get(key);
    if (running) return running;
    const finishing = this.#finish(id, session, summary, cause).finally(() =>
      this.#running.delete(key),
    );
    this.#running.set(key, finishing);
    return finishing;
  }

  async #finish(
    id: TaskId,
    session: SessionId,
    summary: string,
    cause: string,
  ): Promise<FinishOutcome> {
    const { store, steps } = this.#parts;
    const task = steps.require(id);
    const project = store.projects.find(task.project);
    if (task.session !== session || !project) return { kind: "not-held" };
    if (task.status === "queued" || task.status === "landed")
      return { kind: "already", status: task.status };
    const worker = store.sessions.find(session);
    if (!worker || !steps.heldBy(worker)) return { kind: "not-held" };

    const work = await this.#parts.readWorktree(task, project);
    if (work.dirty.length > 0) return { kind: "uncommitted", files: work.dirty };
    if (work.commits === 0) return { kind: "nothing-committed" };
    const returned = store.entries
      .list({ task: id, isOpen: false })
      .find(({ state, head }) => state === "returned" && head === work.head);
    if (returned) return { kind: "unchanged", reason: returned.reason ?? "its work was not taken" };
    const results = await this.#runChecks([...project.checks, ...task.acceptance], task, session);
    if (results === null) return { kind: "not-held" };
    const failed = results.find((result) => !hasPassed(result));
    if (failed) {
      store.write(cause, (record) => {
        store.tasks.update(id, { checks: results, commits: work.commits });
        record("task.checks-failed", id, {
          check: failed.name,
          exitCode: failed.exitCode,
          reason: failed.reason,
        });
      });
      return { kind: "checks-failed", failed };
    }
    const why = await this.#parts.inspect(task, work.head, summary);
    if (why !== null) return { kind: "refused", why };
    return store.write(cause, (): FinishOutcome => {
      const now = steps.require(id);
      // The person may have cancelled it, or another session may hold it, since the checks began.
      if (now.session !== session || !isHeld(now.status)) return { kind: "not-held" };
      steps.apply(id, { kind: "finished" }, cause, {
        checks: results,
        commits: work.commits,
        summary,
        handback: null,
      });
      return { kind: "queued", entry: this.#parts.enqueue(now, work.head, summary) };
    });
  }

  /** Up to the first that fails. Null when the session ended meanwhile: its checks end with it. */
  async #runChecks(
    checks: readonly Check[],
    task: TaskRecord,
    session: SessionId,
  ): Promise<CheckResult[] | null> {
    using life = whileLive(this.#parts.store, session);
    const results: CheckResult[] = [];
    try {
      for (const check of checks) {
        const result = await this.#parts.runCheck(check, task, session, life.signal);
        results.push(result);
        if (!hasPassed(result)) break;
      }
    } catch (error) {
      if (!life.signal.aborted) throw error;
    }
    return life.signal.aborted ? null : results;
  }
}

function keyOf(id: TaskId, session: SessionId): string {
  return `${id} ${session}`;
}

/** What the worker that called `task_done` is told. */
export function describeOutcome(outcome: FinishOutcome): {
  readonly text: string;
  readonly isError: boolean;
} {
  switch (outcome.kind) {
    case "queued":
      return {
        text: `Accepted: the checks pass, and the branch is in the merge queue as ${outcome.entry}. You are done; end your turn.`,
        isError: false,
      };
    case "already":
      return {
        text: `Accepted already: the task is ${outcome.status}. You are done; end your turn.`,
        isError: false,
      };
    case "not-held":
      return {
        text: "This task is no longer yours: it was cancelled or given to another session. End your turn.",
        isError: true,
      };
    case "uncommitted":
      return {
        text: `Not accepted: these files are not committed:\n${outcome.files.slice(0, 50).join("\n")}\nCommit what belongs to the task, remove or ignore the rest, and call task_done again.`,
        isError: true,
      };
    case "nothing-committed":
      return {
        text: "Not accepted: there is no commit on your branch yet. Commit your work and call task_done again. If nothing needs to change, call task_blocked and say why.",
        isError: true,
      };
    case "unchanged":
      return {
        text: `Not accepted: your branch came back from the merge queue (${outcome.reason}), and there is no commit on it since. Do what is asked, commit, and call task_done again. If nothing needs to change, call task_blocked and say why.`,
        isError: true,
      };
    case "checks-failed": {
      const { failed } = outcome;
      return {
        text: `Not accepted: the check ${failed.name} (${failed.command}) failed with ${howFailed(failed)}.${failed.exitCode === null || !failed.tests ? "" : ` ${noteOfCheck(failed)}`} The end of its output:\n\n${failed.tail}\n\nMend it, commit, and call task_done again.`,
        isError: true,
      };
    }
    case "refused":
      return {
        text: `Not accepted: ${outcome.why}\n\nMend it, commit, and call task_done again. If that cannot be, call task_blocked and say why.`,
        isError: true,
      };
  }
}

type Unfinished = Extract<
  FinishOutcome,
  { readonly kind: "uncommitted" | "nothing-committed" | "unchanged" | "checks-failed" | "refused" }
>;

/** What the person is told of a worker that ended its turn and said no more; as a reason, without a full stop. */
export function describeUnfinished(outcome: Unfinished): string {
  switch (outcome.kind) {
    case "uncommitted": {
      const { files } = outcome;
      const more = files.length > 3 ? ` and ${files.length - 3} more` : "";
      return `its worker ended its turn and left files uncommitted: ${files.slice(0, 3).join(", ")}${more}`;
    }
    case "nothing-committed":
      return "its worker ended its turn without committing anything";
    case "unchanged":
      return `its worker ended its turn, and its branch has no commit since it came back (${outcome.reason})`;
    case "checks-failed": {
      const { failed } = outcome;
      return `its worker ended its turn, and the check ${failed.name} fails with ${howFailed(failed)}`;
    }
    case "refused":
      return `its worker ended its turn, and its work was not taken: ${outcome.why}`;
    default:
      return unreachable(outcome);
  }
}

function howFailed({ exitCode, reason }: CheckResult): string {
  return exitCode === null ? (reason ?? "it did not finish") : `exit code ${exitCode}`;
}
