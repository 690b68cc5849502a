import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import { systemClock } from "../base/clock.ts";
import { type Repository, readStatus, treeOf } from "./repository.ts";
import { CHECKOUT_TIMEOUT_MS, runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";
import { addWorktree } from "./worktree.ts";

/** Folders that survive a switch, because filling them takes longer than any check. */
const DEPENDENCY_CACHES = ["node_modules", ".venv"];

/** How long a git of a core that was killed may still be busy in the pool worktree. */
const LEFTOVER_LOCK_MS = 10_000;

/**
 * A checkout of our own outside the repository, detached and locked, in which candidates are built and checked.
 * One runner uses it at a time.
 */
export interface PoolWorktree {
  readonly repo: Repository;
  readonly path: string;
}

/** Makes the pool worktree where it is missing or broken. Sparse checkout, which a new worktree inherits, is off in it. */
export async function openPoolWorktree(
  repo: Repository,
  path: string,
  at: Oid,
  signal?: AbortSignal,
): Promise<PoolWorktree> {
  const reason = "switchyard: checks run here";
  await addWorktree({ repo, path, branch: null, from: at, reason, ...(signal ? { signal } : {}) });
  const args = ["config", "--type=bool", "--default=false", "core.sparseCheckout"];
  const isSparse = (await runGit(path, args, { signal })).stdout.trim() === "true";
  if (isSparse) {
    const timeoutMs = CHECKOUT_TIMEOUT_MS;
    await runGit(path, ["sparse-checkout", "disable"], { signal, timeoutMs });
  }
  return { repo, path };
}

/** Puts exactly this commit into the pool worktree, whatever was left in it; dependency caches stay. */
export async function switchPool(
  pool: PoolWorktree,
  commit: Oid,
  signal?: AbortSignal,
): Promise<void> {
  await removeLeftoverLock(pool, signal);
  const timeoutMs = CHECKOUT_TIMEOUT_MS;
  await runGit(pool.path, ["checkout", "--quiet", "--force", "--detach", commit, "--"], {
    signal,
    timeoutMs,
  });
  const keep = DEPENDENCY_CACHES.flatMap((name) => ["-e", name]);
  await runGit(pool.path, ["clean", "-ffdxq", ...keep], { signal, timeoutMs });
  const state = await inspectPool(pool, commit, signal);
  if (state.kind === "other") {
    throw new Error(
      `the pool worktree ${pool.path} is not at ${commit}: ${state.files.join(", ")}`,
    );
  }
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
  const wanted = await treeOf(pool.repo, commit, signal);
  const args = ["rev-parse", "--verify", "HEAD^{tree}"];
  const tree = (await runGit(pool.path, args, { signal })).stdout.trim();
  const changed = await readStatus(pool.path, "no", signal);
  if (tree === wanted && changed.length === 0) return { kind: "exact" };
  return { kind: "other", files: changed.map((file) => file.path) };
}

/** A git that was killed leaves its lock; one that still runs is waited for. Nobody but us works here. */
async function removeLeftoverLock(pool: PoolWorktree, signal?: AbortSignal): Promise<void> {
  const never = new AbortController().signal;
  const args = ["rev-parse", "--git-path", "index.lock"];
  const { stdout } = await runGit(pool.path, args, { signal, timeoutMs: WRITE_TIMEOUT_MS });
  const lock = resolve(pool.path, stdout.replace(/\n$/, ""));
  const givesUpAt = systemClock.monotonicMs() + LEFTOVER_LOCK_MS;
  while (existsSync(lock) && systemClock.monotonicMs() < givesUpAt) {
    await systemClock.wait(200, signal ?? never);
  }
  await rm(lock, { force: true });
}

export function poolPath(worktrees: string, project: string): string {
  return join(worktrees, project, ".pool-1");
}
