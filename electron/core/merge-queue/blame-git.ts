import type { Oid } from "../../../shared/model/ids.ts";
import { commitTree, mergeTrees } from "../git/candidate.ts";
import { isObjectGone } from "../git/is-object-gone.ts";
import { type PoolWorktree, switchPool } from "../git/pool-worktree.ts";
import { treeOf } from "../git/repository.ts";
import { GitError } from "../git/run-git.ts";
import { FALLBACK_PERSON } from "./fallback-person.ts";

/** Whether git could not put a branch on the target because of what the branch holds: with the target alone it works, and no object is missing. */
export function isOfThisWork(
  error: unknown,
  { repo, path: poolWorktree }: PoolWorktree,
  target: Oid,
  signal: AbortSignal,
): Promise<boolean> {
  return doesGitWork(error, async () => {
    await mergeTrees({ poolWorktree, signal }, target, target);
    const tree = await treeOf(repo, target, signal);
    await commitTree({ repo, fallback: FALLBACK_PERSON, signal }, tree, [target], "git works");
  });
}

/** Whether git could not check a tree out because of what it holds: that of the target it can. */
export function isOfThisTree(
  error: unknown,
  pool: PoolWorktree,
  target: Oid,
  signal: AbortSignal,
): Promise<boolean> {
  return doesGitWork(error, () => switchPool(pool, target, signal));
}

async function doesGitWork(error: unknown, tryIt: () => Promise<void>): Promise<boolean> {
  if (!(error instanceof GitError) || isObjectGone(error)) return false;
  return tryIt().then(
    () => true,
    () => false,
  );
}
