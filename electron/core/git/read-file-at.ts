import type { Oid } from "../../../shared/model/ids.ts";
import type { Repository } from "./repository.ts";
import { runGit } from "./run-git.ts";

/** The text of a file as a commit has it; null where the commit has no such file, or it is longer than `maxBytes`. */
export async function readFileAt(
  repo: Repository,
  commit: Oid,
  path: string,
  maxBytes: number,
): Promise<string | null> {
  const args = ["cat-file", "blob", `${commit}:${path}`];
  const options = { okExitCodes: [0, 128], outputMaxBytes: maxBytes };
  const { exitCode, stdout, isCut } = await runGit(repo.commonDir, args, options);
  return exitCode === 0 && !isCut ? stdout : null;
}
