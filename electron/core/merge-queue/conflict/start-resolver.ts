import type { EntryId } from "../../../../shared/model/ids.ts";
import {
  isBeingResolved,
  resolvedBy,
  resolverBranch,
} from "../../../../shared/model/resolution.ts";
import { pointBranch } from "../../git/revert.ts";
import type { EntryRecord, NewTask, Store, TaskRecord } from "../../store/store.ts";
import { claimBranch, dropClaim } from "../../worker/claim-branch.ts";
import type { QueuePlace } from "../queue-place.ts";
import { briefResolver } from "./brief-resolver.ts";

interface StartParts {
  readonly store: Store;
  readonly place: QueuePlace;
}

/** The tasks of the resolvers that an entry has had, in order. */
export function listTries(store: Store, entry: EntryId): readonly TaskRecord[] {
  const numbered = store.tasks.list().flatMap((task) => {
    const of = resolvedBy(task.branch);
    return of?.entry === entry ? [{ task, number: of.number }] : [];
  });
  return numbered.sort((a, b) => a.number - b.number).map(({ task }) => task);
}

/**
 * Makes the task of an entry's resolver, on a branch that begins at the queued work. Done again after a crash it finds the branch that it
 * made, by its claim.
 */
export async function startResolver(
  { store, place }: StartParts,
  entry: EntryRecord,
  number: number,
  signal: AbortSignal,
): Promise<void> {
  const project = place.project(entry.project);
  const repo = await place.repository(project);
  const target = await place.namedGround(project, signal);
  const before = listTries(store, entry.id).at(-1);
  const body = await briefResolver({
    store,
    repo,
    entry,
    target,
    checks: place.checks(project, [entry]),
    before: before ? (before.handback ?? before.reason ?? "It ended without a result.") : null,
    signal,
  });
  const name = resolverBranch(entry.id, number);
  const branch = await claimBranch(repo, { store: store.identity, name, from: entry.head });
  await pointBranch(repo, branch, entry.head);
  store.write("queue", (record) => {
    const now = store.entries.find(entry.id);
    if (!now || !isBeingResolved(now) || listTries(store, entry.id).length >= number) return;
    const own = store.tasks.find(entry.task);
    const { id: task } = store.tasks.insert(newTask(entry, own, body));
    store.tasks.update(task, { branch, fork: target.oid, commits: 1 });
    record("task.created", task, { project: project.name, resolves: entry.id });
    record("queue.resolver", entry.id, { task: entry.task, by: task, number });
  });
  await dropClaim(repo, store.identity, branch);
}

function newTask(entry: EntryRecord, own: TaskRecord | undefined, body: string): NewTask {
  return {
    project: entry.project,
    plan: null,
    title: `Resolve: ${own?.title ?? entry.branch}`.slice(0, 200),
    body,
    status: "ready",
    reason: null,
    priority: own?.priority ?? entry.priority,
    after: [],
    labels: ["resolve"],
    paths: [],
    pinnedProfile: null,
    model: own?.model ?? null,
    // The entry's own count for what it hands in, as they will in the queue.
    acceptance: [...(own?.acceptance ?? [])],
  };
}
