import type { Oid } from "../../../../shared/model/ids.ts";
import { commitMessages } from "../../git/diff.ts";
import { firstParents, parentsOf } from "../../git/read-history.ts";
import { mergeBase, type Repository } from "../../git/repository.ts";

/**
 * What a pull request that is merged was put on: the first parent of its commit. Where it was rebased that is one commit for each of the
 * branch's, told by their subjects; a revert takes all of them back.
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
  const own = await commitMessages(repo, fork, pushed, signal);
  const there = await firstParents(repo, fork, merged, signal);
  if (own.length < 2 || there.length < own.length) return first;
  const before = there[own.length] ?? fork;
  const rebased = await commitMessages(repo, before, merged, signal);
  const isSame = own.every(({ subject }, at) => rebased[at]?.subject === subject);
  return isSame && rebased.length === own.length ? before : first;
}
