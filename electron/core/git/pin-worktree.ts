import { readFile, realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Repository } from "./repository.ts";

/**
 * The variables with which git takes a worktree for one of this repository, whatever its links say by the time git reads them: they
 * decide whose configuration holds, and that names programs to run. None for a main checkout.
 *
 * Throws `wrong-state` where the links lead elsewhere now: a worker can write files beside its work.
 */
export async function pinOf(repo: Repository, path: string): Promise<Record<string, string>> {
  if ((await realpath(path)) === repo.root) return {};
  const link = join(path, ".git");
  const [, target = ""] =
    /^gitdir: (.*?)\n*$/s.exec(await readFile(link, "utf8").catch(() => "")) ?? [];
  const gitDir = await realpath(resolve(path, target)).catch(() => "");
  const common = await readFile(join(gitDir, "commondir"), "utf8").catch(() => "");
  const commonDir = await realpath(resolve(gitDir, common.replace(/\n+$/, ""))).catch(() => "");
  if (dirname(gitDir) !== join(repo.commonDir, "worktrees") || commonDir !== repo.commonDir)
    throw new SwitchyardError(
      "wrong-state",
      `${path} is no worktree of ${repo.root} any more: its links lead elsewhere.`,
      `Look at what wrote them, then run: git worktree repair ${path}`,
    );
  return { GIT_DIR: gitDir, GIT_COMMON_DIR: repo.commonDir, GIT_WORK_TREE: path };
}
