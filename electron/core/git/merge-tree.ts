import type { Oid } from "../../../shared/model/ids.ts";
import { mergeInScratch } from "./merge-in-scratch.ts";
import { type MergedTree, type MergeOptions, readStages } from "./merged-tree.ts";
import { UNKNOWN_OPTION } from "./probe-git.ts";
import { splitZero } from "./repository.ts";
import { GitError, runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";

/**
 * Merges two commits without a checkout; `folder` is one whose merge attributes count. A git before 2.38 cannot: there it is done in a
 * checkout of its own in a temporary folder, which takes as long as filling one.
 */
export async function mergeTree(
  folder: string,
  ours: Oid,
  theirs: Oid,
  options: MergeOptions = {},
): Promise<MergedTree> {
  const { signal, markers = "merge" } = options;
  const how = ["-c", `merge.conflictStyle=${markers}`, "merge-tree", "--write-tree"];
  const args = [...how, "-z", "--no-messages", ours, theirs];
  const merge = await runGit(folder, args, {
    signal,
    okExitCodes: [0, 1, UNKNOWN_OPTION],
    timeoutMs: WRITE_TIMEOUT_MS,
  });
  if (merge.exitCode === UNKNOWN_OPTION) return mergeInScratch(folder, ours, theirs, options);
  const [tree = "", ...lines] = splitZero(merge.stdout);
  // Exit code 1 is a conflict only when a tree was written; git gives it for other failures too.
  if (!/^[0-9a-f]{40,64}$/.test(tree)) throw new GitError(args, merge);
  return { isClean: merge.exitCode === 0, tree, stages: readStages(lines) };
}
