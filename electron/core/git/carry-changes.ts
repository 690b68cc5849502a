import type { Oid } from "../../../shared/model/ids.ts";
import { mergeTree } from "./merge-tree.ts";
import { conflictedPaths } from "./merged-tree.ts";
import { type Repository, splitZero, treeOf } from "./repository.ts";
import { fillWorktree } from "./restore-worktree.ts";
import { runGit } from "./run-git.ts";
import { SAVER } from "./save-worktree.ts";

export type Carrying =
  | { readonly kind: "carried"; readonly files: readonly string[] }
  | { readonly kind: "conflict"; readonly files: readonly string[] };

/**
 * Brings the changes that a saved checkout held beyond its commits into a worktree nobody has worked in, as uncommitted ones.
 * Where they do not fit on what it has checked out, nothing in it changes.
 */
export async function carryChanges(
  repo: Repository,
  worktree: string,
  saved: Oid,
  signal?: AbortSignal,
): Promise<Carrying> {
  const head = (
    await runGit(worktree, ["rev-parse", "--verify", "HEAD"], { signal })
  ).stdout.trim();
  const parent = (await runGit(worktree, ["rev-parse", `${saved}^1`], { signal })).stdout.trim();
  // A commit with the worktree's tree on top of the saved one's parent makes that parent the merge base.
  const stand = await runGit(
    worktree,
    ["commit-tree", await treeOf(repo, head, signal), "-p", parent, "-m", "base"],
    { signal, env: SAVER },
  );
  const merge = await mergeTree(worktree, stand.stdout.trim(), saved, { signal });
  if (!merge.isClean) return { kind: "conflict", files: conflictedPaths(merge) };

  await fillWorktree(worktree, merge.tree, "HEAD", signal);
  const names = ["diff-tree", "-r", "-z", "--name-only", "--no-renames", head, merge.tree];
  return { kind: "carried", files: splitZero((await runGit(worktree, names, { signal })).stdout) };
}
