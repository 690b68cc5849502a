import type { Oid, TaskId } from "../../../shared/model/ids.ts";
import type { TaskStatus } from "../../../shared/model/task.ts";

/** The work of another task that a branch was begun on: its commit that the branch holds. */
export interface WorkParent {
  readonly task: TaskId;
  readonly head: Oid;
}

/** The nearest of what other tasks queued. `commits` are those of the branch, newest first. */
export function chooseParent(
  commits: readonly Oid[],
  others: readonly WorkParent[],
): WorkParent | null {
  const byHead = new Map(others.map(({ task, head }) => [head, { task, head }]));
  // The same commit queued for two tasks is begun on neither.
  const [own, ...before] = commits;
  for (const oid of before) {
    const parent = byHead.get(oid);
    if (parent && oid !== own) return parent;
  }
  return null;
}

/** Why work waits that was begun on other work which is not in the queue. */
export function waitReason(task: TaskId, status: TaskStatus | undefined): string {
  const isGone = status === undefined || status === "cancelled";
  return isGone
    ? `begun on the work of ${task}, which was cancelled; return it to have that taken out`
    : `begun on the work of ${task}, which is not in the queue; it waits for that to land`;
}
