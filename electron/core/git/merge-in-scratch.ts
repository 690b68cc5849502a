import { copyFile, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import { type MergedTree, type MergeOptions, readStages } from "./merged-tree.ts";
import { openRepository, type Repository, splitZero } from "./repository.ts";
import { CHECKOUT_TIMEOUT_MS, GitError, runGit } from "./run-git.ts";

/** Nothing here may stop a merge to ask, to sign or to remember, and files are merged as they are kept. */
const SETTINGS = `[core]
\trepositoryFormatVersion = 0
\tbare = false
\tworktree = ..
\tsparseCheckout = false
\tautocrlf = false
[rerere]
\tenabled = false
[commit]
\tgpgSign = false
[merge]
\tautoStash = false
\tverifySignatures = false
[submodule]
\trecurse = false
[filter "lfs"]
\tprocess =
\tclean = cat
\tsmudge = cat
\trequired = false
`;

/**
 * Merges two commits as `mergeTree` does, for a git that needs a checkout for it: in a repository of its own in a temporary folder, which
 * shares the objects of the person's and nothing else. The attributes of `ours` count. A crash leaves that folder behind and no more.
 */
export async function mergeInScratch(
  folder: string,
  ours: Oid,
  theirs: Oid,
  { signal, markers = "merge" }: MergeOptions,
): Promise<MergedTree> {
  const place = await realpath(await mkdtemp(join(tmpdir(), "switchyard-merge-")));
  try {
    const repo = await openRepository(folder, signal);
    await makeRepository(repo, place, signal);
    const env = { GIT_OBJECT_DIRECTORY: join(repo.commonDir, "objects") };
    // The shorter form with the common lines is younger than a git that needs this.
    const style = `merge.conflictStyle=${markers === "merge" ? markers : "diff3"}`;
    const git = (args: readonly string[], okExitCodes = [0]) => {
      const options = { signal, env, okExitCodes, timeoutMs: CHECKOUT_TIMEOUT_MS };
      return runGit(place, ["-c", style, ...args], options);
    };
    await git(["checkout", "--quiet", "--force", "--detach", ours, "--"]);
    const how = ["--quiet", "--no-commit", "--no-ff", "--no-edit", "--no-stat"];
    const args = ["merge", ...how, "--end-of-options", theirs];
    const merge = await git(args, [0, 1]);
    const stages = readStages(splitZero((await git(["ls-files", "-u", "-z"])).stdout));
    // Exit code 1 and no conflicted file: git refused to start the merge.
    if (merge.exitCode === 1 && stages.length === 0) throw new GitError(args, merge);
    if (stages.length > 0) await git(["add", "--all", "--force"]);
    const tree = (await git(["write-tree"])).stdout.trim();
    return { isClean: merge.exitCode === 0, tree, stages };
  } finally {
    await rm(place, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Merge drivers, attributes of the person's own and where a shallow clone ends are the repository's. */
async function makeRepository({ commonDir }: Repository, place: string, signal?: AbortSignal) {
  await runGit(place, ["init", "--quiet"], { signal });
  const own = join(place, ".git");
  const quoted = join(commonDir, "config").replace(/[\\"]/g, "\\$&");
  await writeFile(join(own, "config"), `[include]\n\tpath = "${quoted}"\n${SETTINGS}`);
  for (const file of ["info/attributes", "shallow"])
    await copyFile(join(commonDir, file), join(own, file)).catch(absentIsFine);
}

function absentIsFine(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
}
