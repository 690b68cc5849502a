import { EntryId, type Oid, TaskId } from "../../../shared/model/ids.ts";

/** A commit of the target, as far as its trailers are of use; see `read-landings.ts`. */
export interface TrailedCommit {
  readonly oid: Oid;
  readonly tree: Oid;
  readonly parents: readonly Oid[];
  readonly at: string;
  readonly subject: string;
  readonly store: string;
  readonly entry: string;
  readonly task: string;
  readonly attempt: string;
}

/** What one entry brought to the target: everything from `from`, which is not part of it, to `to`. */
export interface FoundLanding {
  readonly store: string;
  readonly entry: EntryId;
  readonly task: TaskId;
  readonly attempt: number;
  readonly from: Oid;
  readonly to: Oid;
  readonly tree: Oid;
  /** What was merged; null where only the content landed. */
  readonly merged: Oid | null;
  readonly at: string;
  readonly title: string;
}

/** What landed by these commits, oldest first as they are. Of two stores that gave one number the newer keeps it. */
export function findLandings(commits: readonly TrailedCommit[]): readonly FoundLanding[] {
  const found = new Map<EntryId, FoundLanding>();
  for (const commit of commits) {
    const [entry, task] = [EntryId.safeParse(commit.entry), TaskId.safeParse(commit.task)];
    const [from, merged = null] = commit.parents;
    const attempt = Number(commit.attempt);
    if (!entry.success || !task.success || !from) continue;
    if (!Number.isSafeInteger(attempt) || attempt < 1) continue;
    const before = found.get(entry.data);
    const { store, oid: to, tree, at, subject: title } = commit;
    // A rebased branch landed as several commits, each with the same last lines.
    const isMore = before?.to === from && before.store === store;
    const begun = isMore ? before.from : from;
    const ids = { entry: entry.data, task: task.data, attempt };
    found.delete(entry.data);
    found.set(entry.data, { store, ...ids, from: begun, to, tree, merged, at, title });
  }
  return [...found.values()];
}

/** So many landings as one, in the order in which they stand on the target. */
export type LandedTogether = readonly [FoundLanding, ...FoundLanding[]];

/**
 * Which of them moved the target together. `stood` are the commits that it is known to have stood at before a landing; only where
 * one began at such a place is it known to be one, and what lies within was never a value of the target.
 */
export function groupLandings(
  landings: readonly FoundLanding[],
  stood: ReadonlySet<Oid>,
): readonly LandedTogether[] {
  const groups: FoundLanding[][] = [];
  for (const landing of landings) {
    const last = groups.at(-1)?.at(-1);
    if (stood.has(landing.from) || last?.to !== landing.from) groups.push([landing]);
    else groups.at(-1)?.push(landing);
  }
  return groups.flatMap(([first, ...more]) =>
    first && stood.has(first.from) ? [[first, ...more] as const] : [],
  );
}
