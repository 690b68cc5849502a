import { join } from "node:path";
import type { Oid } from "../../../../shared/model/ids.ts";
import { runGit } from "../../git/run-git.ts";
import { type Files, putFiles, type TestRepository } from "../../git/test-repository.ts";

/** For tests only: merges the target into a branch as its worker would, with these files as the conflicts' outcome. */
export async function mergeOn(
  place: Pick<TestRepository, "folder" | "git">,
  branch: string,
  files: Files,
): Promise<Oid> {
  const folder = join(place.folder, "resolving");
  await place.git("worktree", "add", "-q", "--detach", folder, `refs/heads/${branch}`);
  await runGit(folder, ["merge", "-q", "--no-ff", "main"], { okExitCodes: [0, 1] });
  putFiles(folder, files);
  await runGit(folder, ["add", "-A"]);
  await runGit(folder, ["commit", "-q", "--allow-empty", "-m", "Both"]);
  const oid = (await runGit(folder, ["rev-parse", "HEAD"])).stdout.trim();
  await place.git("worktree", "remove", "--force", folder);
  await place.git("update-ref", `refs/heads/${branch}`, oid);
  return oid;
}
