import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, realpath, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import { gitDirOf } from "./checkout-blockers.ts";
import { explainNoRoom } from "./explain-no-room.ts";
import { findAsWritten } from "./find-as-written.ts";
import { removeLeftoverLock } from "./leftover-lock.ts";
import {
  type CacheWish,
  cachesInPlace,
  dropCaches,
  keepCaches,
  placeCaches,
} from "./pool-caches.ts";
import { type Repository, readStatus, splitZero, treeOf } from "./repository.ts";
import { CHECKOUT_TIMEOUT_MS, GitError, runGit } from "./run-git.ts";
import { updateSubmodules } from "./update-submodules.ts";
import { addWorktree, findWorktree } from "./worktree.ts";

const LINK = "120000";

/** The folders that are filled from each kind of lock file, where a project does not name its own. */
const FILLED_FROM: Readonly<Record<string, string | null>> = {
  "package-lock.json": "node_modules",
  "npm-shrinkwrap.json": "node_modules",
  "pnpm-lock.yaml": "node_modules",
  "yarn.lock": "node_modules",
  "bun.lock": "node_modules",
  "bun.lockb": "node_modules",
  "poetry.lock": ".venv",
  "uv.lock": ".venv",
  "pdm.lock": ".venv",
  "Pipfile.lock": ".venv",
  "requirements.txt": ".venv",
  "Cargo.lock": null,
  "go.sum": null,
  "Gemfile.lock": null,
  "composer.lock": null,
};

/**
 * A checkout of our own outside the repository, detached and locked, in which candidates are built and checked.
 * One runner uses it at a time.
 */
export interface PoolWorktree {
  readonly repo: Repository;
  readonly path: string;
}

/**
 * Makes the pool worktree where it is missing or broken, and takes it off a branch that a check put it on. Sparse checkout, which a new
 * worktree inherits, is off in it.
 */
export async function openPoolWorktree(
  repo: Repository,
  path: string,
  at: Oid,
  signal?: AbortSignal,
): Promise<PoolWorktree> {
  const reason = "switchyard: checks run here";
  const timeoutMs = CHECKOUT_TIMEOUT_MS;
  const found = await findWorktree(repo, path, signal);
  // Its files alone, which a power cut or a check left: nobody but us puts anything there, and git takes nothing away that it does not know.
  if (!found || !(await isLinked(repo, path))) await rm(path, { recursive: true, force: true });
  else if (found.branch !== null) {
    await clearLock({ repo, path }, signal);
    await runGit(path, ["checkout", "--quiet", "--force", "--detach"], { signal, timeoutMs });
  }
  await addWorktree({ repo, path, branch: null, from: at, reason, ...(signal ? { signal } : {}) });
  const args = ["config", "--type=bool", "--default=false", "core.sparseCheckout"];
  const isSparse = (await runGit(path, args, { signal })).stdout.trim() === "true";
  if (isSparse) {
    await runGit(path, ["sparse-checkout", "disable"], { signal, timeoutMs });
  }
  return { repo, path };
}

/** Puts exactly this commit into the pool worktree, whatever was left in it; caches of a run that came to its end stay. */
export async function switchPool(
  pool: PoolWorktree,
  commit: Oid,
  signal?: AbortSignal,
): Promise<void> {
  await clearLock(pool, signal);
  const timeoutMs = CHECKOUT_TIMEOUT_MS;
  const caches = await checkOut(pool, commit, signal).catch((error: unknown) => {
    throw explainNoRoom(error, pool.path);
  });
  const keep = caches.flatMap((folder) => ["-e", asPattern(folder)]);
  await runGit(pool.path, ["clean", "-ffdxq", ...keep], { signal, timeoutMs });
  await updateSubmodules(pool.repo, pool.path, signal);
  const state = await inspectPool(pool, commit, signal);
  if (state.kind === "other") {
    throw new Error(
      `the pool worktree ${pool.path} is not at ${commit}: ${state.files.join(", ")}`,
    );
  }
}

/** What is made from lock files and outlives a run, as a project says it. */
export interface CacheSettings {
  /** Folders; null: those that tools are known to fill from the lock files that are there. */
  readonly caches: readonly string[] | null;
  /** What else they are made from, beside the lock files. */
  readonly madeFrom: string;
  /** Files and folders that the set-up reads, beside the lock files; null: any. A name without a slash is found at any depth. */
  readonly setUpFrom: readonly string[] | null;
}

/** A pool worktree at a commit, with its caches. */
export interface PreparedPool {
  /** The caches are there, and the set-up that filled them read the very same files. */
  readonly isSetUp: boolean;
  /** Lets the next run use them too. Until then they count as left by a run that was cut off, and go with the next switch. */
  keep(): Promise<void>;
}

/** As `switchPool`, and the folders that were filled from the same lock files are in their place, else none. */
export async function preparePool(
  pool: PoolWorktree,
  commit: Oid,
  settings: CacheSettings,
  signal?: AbortSignal,
): Promise<PreparedPool> {
  await switchPool(pool, commit, signal);
  const { isWhole, ...wish } = await wishFor(pool, settings, signal);
  const isFilled = await placeCaches(pool.path, wish);
  return { isSetUp: isFilled && isWhole, keep: () => keepCaches(pool.path, wish) };
}

export type PoolState =
  | { readonly kind: "exact" }
  /** Tracked files differ from the commit, or (with no file named) it has another commit checked out. */
  | { readonly kind: "other"; readonly files: readonly string[] };

/** Whether the pool worktree holds the very tree of `commit`. New untracked files, such as reports, do not count. */
export async function inspectPool(
  pool: PoolWorktree,
  commit: Oid,
  signal?: AbortSignal,
): Promise<PoolState> {
  const args = ["rev-parse", "--verify", "HEAD^{tree}"];
  const [wanted, found, changed] = await Promise.all([
    treeOf(pool.repo, commit, signal),
    runGit(pool.path, args, { signal }),
    readStatus(pool.path, "no", { signal }),
  ]);
  const tree = found.stdout.trim();
  const asWritten = await findAsWritten(pool.path, changed, signal);
  const files = changed.map(({ path }) => path).filter((path) => !asWritten.has(path));
  return tree === wanted && files.length === 0 ? { kind: "exact" } : { kind: "other", files };
}

/** Whether its folder still leads to what the repository keeps of it. */
export async function isLinked(repo: Repository, path: string): Promise<boolean> {
  const text = await readFile(join(path, ".git"), "utf8").catch(() => "");
  const [, place] = /^gitdir: (.+)\n?$/.exec(text) ?? [];
  if (place === undefined || !existsSync(join(place, "HEAD"))) return false;
  return dirname(await realpath(place)) === (await realpath(join(repo.commonDir, "worktrees")));
}

/** Nobody but us works here, so a lock is one that a git of ours left behind. */
async function clearLock(pool: PoolWorktree, signal?: AbortSignal): Promise<void> {
  for (const lock of await locksOf(pool, signal)) {
    if (await removeLeftoverLock(lock, signal)) continue;
    throw new Error(`a git of an earlier run still works in the pool worktree: ${lock} exists`);
  }
}

export async function locksOf(
  { path }: PoolWorktree,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const gitDir = await gitDirOf(path, signal);
  return ["index", "HEAD", "ORIG_HEAD"].map((name) => join(gitDir, `${name}.lock`));
}

export function poolPath(worktrees: string, project: string, lane = 1): string {
  return join(worktrees, project, `.pool-${lane}`);
}

/** Gives the caches that are in place after it. Where the commit has files of its own there, none are. */
async function checkOut(
  pool: PoolWorktree,
  commit: Oid,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const args = ["checkout", "--quiet", "--force", "--detach", commit, "--"];
  const options = { signal, timeoutMs: CHECKOUT_TIMEOUT_MS };
  const caches = await cachesInPlace(pool.path);
  const literal = caches.map((folder) => `:(literal)${folder}`);
  try {
    await runGit(pool.path, args, options);
    if (caches.length === 0) return [];
    const listed = await runGit(pool.path, ["ls-files", "-z", "--", ...literal], { signal });
    if (listed.stdout === "") return caches;
  } catch (error) {
    if (caches.length === 0 || !(error instanceof GitError)) throw error;
  }
  await dropCaches(pool.path);
  await runGit(pool.path, args, options);
  return [];
}

/** `isWhole`: the key holds all that the set-up reads. A name that nothing of the commit has is a mistake or out of date. */
async function wishFor(
  { path }: PoolWorktree,
  { caches, madeFrom, setUpFrom }: CacheSettings,
  signal?: AbortSignal,
): Promise<CacheWish & { readonly isWhole: boolean }> {
  const kinds = Object.keys(FILLED_FROM);
  const likely = caches ?? [...new Set(Object.values(FILLED_FROM).filter((name) => name !== null))];
  const read = (setUpFrom ?? []).flatMap((name) => [placesOf(name), insideOf(name)]);
  const globs = [...kinds.map(placesOf), ...likely.map(insideOf), ...read];
  const args = ["ls-files", "--stage", "-z", "--", ...globs];
  const files = splitZero((await runGit(path, args, { signal })).stdout).map(readStaged);
  const tracked = new Set(files.flatMap((file) => cacheAround(file.path, likely) ?? []));
  const locks = files.filter((file) => cacheAround(file.path, likely) === null);
  const filled = new Set(locks.map((file) => FILLED_FROM[file.path.split("/").at(-1) ?? ""]));
  const names = caches ?? likely.filter((name) => filled.has(name));
  const made = JSON.stringify([madeFrom, names, locks]);
  const key = createHash("sha256").update(made).digest("hex");
  // What is behind a link is no part of the key.
  const isThere = (name: string) => {
    const there = locks.filter((file) => isAt(file.path, name));
    return there.length > 0 && there.every(({ mode }) => mode !== LINK);
  };
  return { key, names, tracked, isWhole: setUpFrom?.every(isThere) ?? false };
}

function placesOf(name: string): string {
  return name.includes("/") ? `:(glob)${name}` : `:(glob)**/${name}`;
}

function insideOf(name: string): string {
  return `${placesOf(name)}/**`;
}

/** Whether a file has this name or lies in a folder of it. */
function isAt(path: string, name: string): boolean {
  if (name.includes("/")) return `${path}/`.startsWith(`${name}/`);
  return path.split("/").includes(name);
}

/** The folder of such a name that this file is in. */
function cacheAround(path: string, names: readonly string[]): string | null {
  const parts = path.split("/");
  const folders = parts.slice(0, -1).map((_, at) => parts.slice(0, at + 1).join("/"));
  return folders.find((folder) => names.includes(folder) || names.includes(baseOf(folder))) ?? null;
}

function baseOf(folder: string): string {
  return folder.slice(folder.lastIndexOf("/") + 1);
}

interface Staged {
  readonly mode: string;
  readonly oid: Oid;
  readonly path: string;
}

function readStaged(line: string): Staged {
  const [mode = "", oid = ""] = line.split(" ");
  return { mode, oid, path: line.slice(line.indexOf("\t") + 1) };
}

/** Exactly this folder, as a pattern of git's. */
function asPattern(folder: string): string {
  return `/${folder.replace(/[\\*?[\]!# ]/g, "\\$&")}/`;
}
