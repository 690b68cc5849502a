import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Repository } from "./repository.ts";
import { CHECKOUT_TIMEOUT_MS, GitError, runGit } from "./run-git.ts";

/**
 * Fills the submodules of a worktree of ours from the clones that the person has of them: no network is asked, and commits that are
 * only there are found. One that the person never filled stays empty, and so does one of which the commit is not there.
 */
export async function updateSubmodules(
  repo: Repository,
  worktree: string,
  signal?: AbortSignal,
): Promise<void> {
  for (const { name, path } of await listSubmodules(worktree, signal)) {
    const store = join(repo.commonDir, "modules", name);
    if (!existsSync(join(store, "HEAD"))) continue;
    const settings = ["protocol.file.allow=always", `submodule.${name}.url=${store}`];
    const args = ["submodule", "--quiet", "update", "--checkout", "--force", "--", path];
    const options = { signal, timeoutMs: CHECKOUT_TIMEOUT_MS };
    try {
      await runGit(worktree, [...settings.flatMap((each) => ["-c", each]), ...args], options);
      await runGit(join(worktree, path), ["clean", "-ffdxq"], options);
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      await rm(join(worktree, path), { recursive: true, force: true });
      await mkdir(join(worktree, path));
    }
  }
}

/** A name becomes a folder and a setting; one that could lead elsewhere is passed over. */
async function listSubmodules(worktree: string, signal?: AbortSignal) {
  if (!existsSync(join(worktree, ".gitmodules"))) return [];
  const args = ["config", "-z", "-f", ".gitmodules", "--get-regexp", "^submodule\\..*\\.path$"];
  const { stdout } = await runGit(worktree, args, { signal, okExitCodes: [0, 1] });
  return stdout.split("\0").flatMap((line) => {
    const [, name, path] = /^submodule\.([^=\n]+)\.path\n([^\n]+)$/.exec(line) ?? [];
    const isPlain = name && path && ![...name.split("/"), ...path.split("/")].includes("..");
    return isPlain && !path.startsWith("/") ? [{ name, path }] : [];
  });
}
