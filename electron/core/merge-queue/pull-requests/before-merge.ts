import type { Oid } from "../../../../shared/model/ids.ts";
import { listSubjects, parentsOf } from "../../git/read-history.ts";
import { mergeBase, type Repository } from "../../git/repository.ts";

/**
 * What a pull request that is merged was put on: the first parent of its commit. Where it was rebased that is below one commit for each of
 * the branch's, told by their subjects; a revert takes all of them back. What the branch merged is not rebased, and what the target had
 * already is left out there.
 */
export async function beforeMerge(
  repo: Repository,
  pushed: Oid,
  merged: Oid,
  signal: AbortSignal,
): Promise<Oid> {
  const [first = merged, ...others] = await parentsOf(repo, merged, signal);
  const fork = others.length > 0 ? null : await mergeBase(repo, pushed, merged, signal);
  if (fork === null) return first;
  const own = await listSubjects(repo, fork, pushed, "--no-merges", signal);
  const there = await listSubjects(repo, fork, merged, "--first-parent", signal);
  const left = Map.groupBy(own, ({ subject }) => subject);
  const end = there.findIndex(({ subject }) => left.get(subject)?.pop() === undefined);
  const rebased = end === -1 ? there.length : end;
  if (rebased < 2) return first;
  return there[rebased]?.oid ?? fork;
}
