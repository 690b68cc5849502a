import type { EntryId } from "../../../shared/model/ids.ts";
import { isLive } from "../../../shared/model/session.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { isAncestor, openRepository, readRef } from "../git/repository.ts";
import type { MergeQueue } from "../merge-queue/queue-runner.ts";
import type { EntryRecord, Store } from "../store/store.ts";
import type { TaskSteps } from "../supervisor/task-steps.ts";

export interface QueueAgainParts {
  readonly store: Store;
  readonly steps: TaskSteps;
  readonly queue: () => MergeQueue;
}

/**
 * Puts work that has left the queue without landing into it once more, as a new entry: what the branch has now, where it went on from
 * the commit that was queued, else that commit. Throws `wrong-state` where its task is over, queued, or worked on.
 */
export async function queueAgain(parts: QueueAgainParts, id: EntryId): Promise<EntryRecord> {
  const { store, steps, queue } = parts;
  const head = await findHead(store, requireAgain(store, id));
  return store.write("person", () => {
    const entry = requireAgain(store, id);
    const { project, task: taskId, branch, summary, priority } = entry;
    const attempt = steps.require(taskId).attempts;
    const made = queue().enqueue({
      ...{ project, task: taskId, branch, head, summary, priority },
      attempt: Math.max(attempt, entry.attempt),
    });
    steps.apply(taskId, { kind: "queued-again" }, "person", { handback: null });
    return made;
  });
}

function requireAgain(store: Store, id: EntryId): EntryRecord {
  const entry = store.entries.find(id);
  if (!entry) throw new Error(`the queue entry ${id} vanished`);
  const { state, task: taskId } = entry;
  const refuse = (why: string, wayOut?: string) => new SwitchyardError("wrong-state", why, wayOut);
  if (state === "landed") throw refuse(`${id} has landed.`);
  const [waiting] = store.entries.list({ task: taskId, isOpen: true });
  if (waiting) throw refuse(`${taskId} is in the queue already, as ${waiting.id}.`);
  const task = store.tasks.find(taskId);
  if (task?.status === "landed") throw refuse(`${taskId} has landed.`);
  if (task?.status === "cancelled")
    throw refuse(
      `${taskId} is cancelled.`,
      `Take it up again first: switchyard task retry ${taskId}`,
    );
  const session = task?.session ? store.sessions.find(task.session) : undefined;
  if (session && isLive(session.state) && task?.status !== "ready")
    throw refuse(
      `${taskId} is worked on by ${session.name}.`,
      `Its work is queued once that is done; or stop it first: switchyard session stop ${session.id}`,
    );
  return entry;
}

async function findHead(store: Store, { project, branch, head }: EntryRecord) {
  const path = store.projects.find(project)?.path;
  if (path === undefined) throw new Error(`the project ${project} is gone`);
  const repo = await openRepository(path);
  const now = await readRef(repo, `refs/heads/${branch}`);
  return now !== null && (await isAncestor(repo, head, now)) ? now : head;
}
