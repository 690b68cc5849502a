import { existsSync } from "node:fs";
import { readdir, readFile, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { laneAt } from "./lane-at.ts";
import type { Repository } from "./repository.ts";
import { runGitPatiently } from "./run-git-patiently.ts";

/** A place that holds more folders than this is not one where somebody keeps worktrees. */
const FOLDERS_MAX = 2_000;

/**
 * Where a worktree lies that git knows at `path` and that is not there: a folder beside its old place, one level up, or beside the
 * repository, whose own link leads back to it. Null where none does.
 */
export async function findMovedWorktree(repo: Repository, path: string): Promise<string | null> {
  const own = await findAdminFolder(repo, path);
  if (own === null) return null;
  const places = new Set([dirname(path), dirname(dirname(path)), dirname(repo.root)]);
  for (const place of places) {
    const names = await readdir(place).catch(() => []);
    for (const name of names.slice(0, FOLDERS_MAX)) {
      const folder = join(place, name);
      if (await leadsTo(folder, own)) return await realpath(folder);
    }
  }
  return null;
}

/** Whether the folder is the worktree that git knows at `path`. */
export async function isMovedWorktree(
  repo: Repository,
  path: string,
  folder: string,
): Promise<boolean> {
  const own = await findAdminFolder(repo, path);
  return own !== null && (await leadsTo(folder, own));
}

/** Lets git know worktrees where they are now, and these know the repository where it is now. */
export async function repairWorktrees(
  repo: Repository,
  folders: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  if (folders.length === 0) return;
  const args = ["worktree", "repair", "--", ...folders];
  await laneAt(repo.commonDir).run(() => runGitPatiently(repo.commonDir, args, { signal }));
}

/** The folder inside the repository in which git keeps what it knows of the worktree at `path`. */
async function findAdminFolder(repo: Repository, path: string): Promise<string | null> {
  const all = join(repo.commonDir, "worktrees");
  // git writes down the real path; the folder itself is not there to be asked.
  const real = join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path));
  for (const name of await readdir(all).catch(() => [])) {
    const folder = join(all, name);
    const link = await readFile(join(folder, "gitdir"), "utf8").catch(() => "");
    if ([path, real].some((each) => link.trim() === join(each, ".git")))
      return await realpath(folder);
  }
  return null;
}

async function leadsTo(folder: string, admin: string): Promise<boolean> {
  if (!existsSync(join(folder, ".git"))) return false;
  const link = await readFile(join(folder, ".git"), "utf8").catch(() => "");
  const target = /^gitdir: (.*)$/m.exec(link)?.[1];
  if (target === undefined) return false;
  return (await realpath(target).catch(() => target)) === admin;
}
