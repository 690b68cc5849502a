import type { BranchChange } from "../../../shared/model/branch-change.ts";
import { countLines } from "./count-lines.ts";
import { countCommits } from "./diff.ts";
import { mergeBase, openRepository, readRef, resolveBranch } from "./repository.ts";

/** What a branch has that the target has not; null where it is gone. */
export async function readBranchChange(
  root: string,
  branch: string,
  target: string,
  signal?: AbortSignal,
): Promise<BranchChange | null> {
  const repo = await openRepository(root, signal);
  const head = await readRef(repo, `refs/heads/${branch}`, signal);
  if (head === null) return null;
  const tip = await resolveBranch(repo, target, signal);
  const from = (await mergeBase(repo, tip, head, signal)) ?? tip;
  const files = await countLines(repo, from, head, signal);
  return {
    branch,
    commits: await countCommits(repo, tip, head, signal),
    files: files.length,
    added: files.reduce((sum, { added }) => sum + (added ?? 0), 0),
    removed: files.reduce((sum, { removed }) => sum + (removed ?? 0), 0),
  };
}
