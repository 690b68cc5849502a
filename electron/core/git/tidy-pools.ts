import { readdir, readFile, realpath, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { removeLeftoverLock } from "./leftover-lock.ts";
import { isLinked, locksOf } from "./pool-worktree.ts";
import type { Repository } from "./repository.ts";
import { listWorktrees, removeWorktree } from "./worktree.ts";

/**
 * Takes away what a crash or a power cut left of the pool worktrees in a folder: locks of gits that are gone, and what is there by halves,
 * a folder that git does not know or one that is gone. Nothing else changes.
 */
export async function tidyPools(
  repo: Repository,
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  const there = await readdir(folder).catch(() => []);
  const real = await realpath(folder).catch(() => folder);
  const known = (await listWorktrees(repo, signal))
    .filter(({ path }) => dirname(path) === real || dirname(path) === folder)
    .map(({ path }) => basename(path));
  for (const name of new Set([...there, ...known])) {
    if (!/^\.pool-\d+$/.test(name)) continue;
    const path = join(folder, name);
    if (known.includes(name) && (await isLinked(repo, path))) {
      for (const lock of await locksOf({ repo, path }, signal))
        await removeLeftoverLock(lock, signal);
      continue;
    }
    await rm(path, { recursive: true, force: true });
    await removeWorktree(repo, path, signal);
  }
  await dropHalves(repo);
}

/** What the repository keeps of a pool worktree without knowing where it is: git lists no such thing, and makes another beside it. */
async function dropHalves({ commonDir }: Repository): Promise<void> {
  const kept = join(commonDir, "worktrees");
  // git begins no name with a dot.
  const ours = (await readdir(kept).catch(() => [])).filter((name) => /^-pool-\d+$/.test(name));
  for (const name of ours) {
    const where = await readFile(join(kept, name, "gitdir"), "utf8").catch(() => "");
    if (where.trim() === "") await rm(join(kept, name), { recursive: true, force: true });
  }
}
