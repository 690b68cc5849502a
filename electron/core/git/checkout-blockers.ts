import { lstat, readdir, readFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import { type ChangedFile, changedFiles } from "./diff.ts";
import { quoteWord } from "./remote-branch.ts";
import { type Repository, readStatus, splitZero } from "./repository.ts";
import { type GitOptions, runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";

/** Why a checkout cannot be moved now. Files may be empty: then the reason says it all. */
export interface Blocker {
  readonly reason: string;
  readonly files: readonly string[];
}

/** What stands in the git folder of a checkout while one of git's longer acts is under way in it. */
const UNDER_WAY: readonly (readonly [string, string])[] = [
  ["MERGE_HEAD", "a merge"],
  ["CHERRY_PICK_HEAD", "a cherry-pick"],
  ["REVERT_HEAD", "a revert"],
  ["rebase-merge", "a rebase"],
  ["rebase-apply", "a rebase"],
  ["BISECT_LOG", "a bisection"],
  ["sequencer", "a cherry-pick"],
];

/**
 * Looks, without changing anything, for whatever keeps the checkout `worktree` from moving from one commit to another:
 * an act under way, changes of the person's to the same files, files on disk where the new commit adds one.
 */
export async function findBlocker(
  repo: Repository,
  worktree: string,
  from: Oid,
  to: Oid,
  signal?: AbortSignal,
): Promise<Blocker | null> {
  const gitDir = await gitDirOf(worktree, signal);
  const act = await findActUnderWay(gitDir);
  if (act) return { reason: `${act} is under way in ${worktree}`, files: [] };
  const unmerged = await runGit(worktree, ["ls-files", "-u", "-z"], { signal });
  if (unmerged.stdout !== "") {
    const files = splitZero(unmerged.stdout).map((line) => line.slice(line.indexOf("\t") + 1));
    return { reason: `${worktree} has unresolved conflicts`, files: [...new Set(files)] };
  }

  const changed = await changedFiles(repo, from, to, signal);
  const dirty = await dirtyOverlap(worktree, to, changed, signal);
  if (dirty.length > 0) {
    return {
      reason: `${worktree} has uncommitted changes to files that would change`,
      files: dirty,
    };
  }
  const inTheWay = await filesInTheWay(worktree, changed, signal);
  if (inTheWay.length > 0) {
    return { reason: `${worktree} has files of its own where new ones would be`, files: inTheWay };
  }
  return null;
}

/** It may be a person's git that works or waits for them: taking its lock away is theirs to do. */
export function lockedBy(lock: string): Blocker {
  const wayOut = `if none is, one that was killed left it, and you can remove it: rm ${quoteWord(lock)}`;
  return { reason: `another git is at work: ${lock} exists; ${wayOut}`, files: [] };
}

export async function gitDirOf(worktree: string, signal?: AbortSignal): Promise<string> {
  const { stdout } = await runGit(worktree, ["rev-parse", "--absolute-git-dir"], { signal });
  return resolve(worktree, stdout.replace(/\n$/, ""));
}

export async function findActUnderWay(gitDir: string): Promise<string | null> {
  for (const [name, act] of UNDER_WAY) {
    if (await exists(join(gitDir, name))) return act;
  }
  return null;
}

/** The act under way in a checkout that will write the branch when it ends, though HEAD is detached meanwhile. */
export async function findActOn(gitDir: string, branch: string): Promise<string | null> {
  for (const folder of ["rebase-merge", "rebase-apply"]) {
    const head = await readFile(join(gitDir, folder, "head-name"), "utf8").catch(() => "");
    if (head.trim() === `refs/heads/${branch}`) return "a rebase";
  }
  const bisected = await readFile(join(gitDir, "BISECT_START"), "utf8").catch(() => "");
  return bisected.trim() === branch ? "a bisection" : null;
}

/** A changed path that already is as the new commit wants it, in index and checkout, is no obstacle to git. */
async function dirtyOverlap(
  worktree: string,
  to: Oid,
  changed: readonly ChangedFile[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const paths = new Set(changed.map((file) => file.path));
  const status = await readStatus(worktree, "no", { signal });
  const dirty = status.map((file) => file.path).filter((path) => paths.has(path));
  const hidden = (await hiddenFiles(worktree, { signal })).filter((path) => paths.has(path));
  if (dirty.length === 0) return hidden;
  const different = new Set([
    ...(await diffNames(worktree, ["--cached", to], signal)),
    ...(await diffNames(worktree, [to], signal)),
  ]);
  return [...dirty.filter((path) => different.has(path)), ...hidden];
}

async function diffNames(worktree: string, what: readonly string[], signal?: AbortSignal) {
  const args = ["diff", "--no-ext-diff", "--no-textconv", "--no-renames", "--name-only", "-z"];
  const timeoutMs = WRITE_TIMEOUT_MS;
  const { stdout } = await runGit(worktree, [...args, ...what, "--"], { signal, timeoutMs });
  return splitZero(stdout);
}

/** Files that are there and of which git was told not to look at them (assume-unchanged, skip-worktree): it would overwrite them unseen. */
export async function hiddenFiles(
  worktree: string,
  options: Pick<GitOptions, "signal" | "env">,
): Promise<readonly string[]> {
  const { stdout } = await runGit(worktree, ["ls-files", "-v", "-z"], options);
  const hidden = splitZero(stdout)
    .filter((line) => /^([a-z]|S) /.test(line))
    .map((line) => line.slice(2));
  const there = await Promise.all(hidden.map((path) => exists(join(worktree, path))));
  return hidden.filter((_, at) => there[at]);
}

/** Untracked and ignored files alike: git's own fast-forward would overwrite an ignored one. */
async function filesInTheWay(
  worktree: string,
  changed: readonly ChangedFile[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const added = changed.filter((file) => file.old === null).map((file) => file.path);
  if (added.length === 0) return [];
  const removed = changed.filter((file) => file.new === null).map((file) => file.path);
  const { stdout } = await runGit(worktree, ["ls-files", "-z"], { signal });
  const tracked = new Set(splitZero(stdout));
  const found = new Set<string>();
  for (const path of added) {
    if (tracked.has(path)) continue;
    const obstacle = await findObstacle(worktree, path, removed);
    if (obstacle !== null) found.add(obstacle);
  }
  return [...found];
}

async function findObstacle(
  worktree: string,
  path: string,
  removed: readonly string[],
): Promise<string | null> {
  const parts = path.split("/");
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const place = parts.slice(0, depth).join("/");
    const stat = await lstat(join(worktree, place)).catch(() => null);
    if (!stat) return null;
    const isLast = depth === parts.length;
    if (stat.isDirectory() && !isLast) continue;
    if (stat.isDirectory()) return findKept(worktree, place, removed);
    return removed.includes(place) ? null : place;
  }
  return null;
}

/** A file below a folder that has to go, ignored ones too, which does not go with it: git takes ignored ones away unasked. */
async function findKept(
  worktree: string,
  folder: string,
  removed: readonly string[],
): Promise<string | null> {
  const going = new Set(removed);
  const found = await readdir(join(worktree, folder), { recursive: true, withFileTypes: true });
  for (const each of found) {
    const path = relative(worktree, join(each.parentPath, each.name)).split(sep).join("/");
    if (!each.isDirectory() && !going.has(path)) return path;
  }
  return null;
}

export async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}
