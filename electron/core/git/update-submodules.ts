import { existsSync } from "node:fs";
import { mkdir, realpath, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isFolderReached } from "./is-folder-reached.ts";
import { type Repository, splitZero } from "./repository.ts";
import { CHECKOUT_TIMEOUT_MS, GitError, runGit } from "./run-git.ts";

/**
 * Fills the submodules of a worktree of ours from the clones that the person has of them: no network is asked, and commits that are
 * only there are found. One that the person never filled stays empty, and so does one of which the commit is not there. What
 * `.gitmodules` names and the commit holds as a link, or behind one, is left alone: it can be any folder of the machine.
 */
export async function updateSubmodules(
  repo: Repository,
  worktree: string,
  signal?: AbortSignal,
): Promise<void> {
  for (const { name, path } of await listSubmodules(worktree, signal)) {
    const store = join(repo.commonDir, "modules", name);
    if (!existsSync(join(store, "HEAD"))) continue;
    if (!(await isFolderReached(worktree, dirname(path)))) continue;
    // A check can have put a link there.
    if (!(await isFolderReached(worktree, path))) await emptyAt(worktree, path);
    const settings = ["protocol.file.allow=always", `submodule.${name}.url=${store}`];
    const args = ["submodule", "--quiet", "update", "--checkout", "--force", "--", path];
    const options = { signal, timeoutMs: CHECKOUT_TIMEOUT_MS };
    try {
      await runGit(worktree, [...settings.flatMap((each) => ["-c", each]), ...args], options);
      await cleanWithin(worktree, path, signal);
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      await emptyAt(worktree, path);
    }
  }
}

/** Cleans a submodule, and never what a git in its folder takes for its checkout instead. */
async function cleanWithin(worktree: string, path: string, signal?: AbortSignal): Promise<void> {
  const place = join(worktree, path);
  const { stdout } = await runGit(place, ["rev-parse", "--show-toplevel"], { signal });
  if (stdout.replace(/\n$/, "") !== (await realpath(place))) return;
  await runGit(place, ["clean", "-ffdxq"], { signal, timeoutMs: CHECKOUT_TIMEOUT_MS });
}

/** Of a link it deletes the link alone. */
async function emptyAt(worktree: string, path: string): Promise<void> {
  if (!(await isFolderReached(worktree, dirname(path)))) return;
  await rm(join(worktree, path), { recursive: true, force: true });
  await mkdir(join(worktree, path));
}

/** A name becomes a folder and a setting; one that could lead elsewhere is passed over, as is a path at which the index holds anything else. */
async function listSubmodules(worktree: string, signal?: AbortSignal) {
  if (!existsSync(join(worktree, ".gitmodules"))) return [];
  const args = ["config", "-z", "-f", ".gitmodules", "--get-regexp", "^submodule\\..*\\.path$"];
  const { stdout } = await runGit(worktree, args, { signal, okExitCodes: [0, 1] });
  const named = stdout.split("\0").flatMap((line) => {
    const [, name, path] = /^submodule\.([^=\n]+)\.path\n([^\n]+)$/.exec(line) ?? [];
    const isPlain = name && path && ![...name.split("/"), ...path.split("/")].includes("..");
    return isPlain && !path.startsWith("/") ? [{ name, path }] : [];
  });
  const held = await listGitlinks(
    worktree,
    named.map(({ path }) => path),
    signal,
  );
  return named.filter(({ path }) => held.has(path));
}

async function listGitlinks(
  worktree: string,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  if (paths.length === 0) return new Set();
  const args = ["--literal-pathspecs", "ls-files", "--stage", "-z", "--", ...paths];
  const lines = splitZero((await runGit(worktree, args, { signal })).stdout);
  const links = lines.filter((line) => line.startsWith("160000 "));
  return new Set(links.map((line) => line.slice(line.indexOf("\t") + 1)));
}
