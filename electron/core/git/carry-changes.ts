import type { Oid } from "../../../shared/model/ids.ts";
import { type Repository, splitZero, treeOf } from "./repository.ts";
import { fillWorktree } from "./restore-worktree.ts";
import { GitError, runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";
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
  const args = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages"];
  const both = [...args, stand.stdout.trim(), saved];
  const merge = await runGit(worktree, both, {
    signal,
    okExitCodes: [0, 1],
    timeoutMs: WRITE_TIMEOUT_MS,
  });
  const [tree = "", ...conflicts] = splitZero(merge.stdout);
  if (!/^[0-9a-f]{40,64}$/.test(tree)) throw new GitError(both, merge);
  if (merge.exitCode === 1) return { kind: "conflict", files: [...new Set(conflicts)] };

  await fillWorktree(worktree, tree, "HEAD", signal);
  const names = ["diff-tree", "-r", "-z", "--name-only", "--no-renames", head, tree];
  return { kind: "carried", files: splitZero((await runGit(worktree, names, { signal })).stdout) };
}
