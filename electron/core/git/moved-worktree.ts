import { existsSync } from "node:fs";
import { readdir, readFile, realpath } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { laneAt } from "./lane-at.ts";
import type { Repository } from "./repository.ts";
import { runGitPatiently } from "./run-git-patiently.ts";
import { isUsable, listWorktrees } from "./worktree.ts";

/** A place that holds more folders than this is not one where somebody keeps worktrees. */
const FOLDERS_MAX = 2_000;

/** A worktree of ours that is not at `path`, where it was made. `branch`: what it has checked out; null: nothing was ever. */
interface Missing {
  readonly path: string;
  readonly branch: string | null;
}

/**
 * Where a worktree lies that is not at its place: where git knows it already, or a folder beside its old place, one level up, or
 * beside the repository, whose own link leads back to it, or did until the repository was moved. Null where none does.
 */
export async function findMovedWorktree(
  repo: Repository,
  missing: Missing,
): Promise<string | null> {
  const { path } = missing;
  const own = await findAdminFolder(repo, path);
  if (own === null) return findRepaired(repo, missing);
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

/** Whether the folder is that worktree. */
export async function isMovedWorktree(
  repo: Repository,
  missing: Missing,
  folder: string,
): Promise<boolean> {
  const own = await findAdminFolder(repo, missing.path);
  if (own !== null) return leadsTo(folder, own);
  const place = await realpath(folder).catch(() => null);
  return place !== null && place === (await findRepaired(repo, missing));
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

/**
 * Where git knows the worktree to be now, because its link was set right before: by the person, or by us when only the task had not
 * heard of it. Ours are locked; one that a person made of the branch is not taken for it.
 */
async function findRepaired(repo: Repository, { branch }: Missing): Promise<string | null> {
  if (branch === null) return null;
  const found = (await listWorktrees(repo)).find(
    (each) => each.branch === branch && each.lock !== null && isUsable(each),
  );
  return found?.path ?? null;
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
  const real = await realpath(target).catch(() => null);
  if (real !== null) return real === admin;
  // The repository was moved as well, so the link leads nowhere; git too then goes by the name of the folder that it keeps.
  return endOf(target) === endOf(admin);
}

/** `<git folder>/worktrees/<name>`, wherever that lies. */
function endOf(admin: string): string {
  return admin.split(sep).slice(-3).join(sep);
}
