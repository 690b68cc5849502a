import { join } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import { gitDirOf } from "./checkout-blockers.ts";
import { removeLeftoverLock } from "./leftover-lock.ts";
import { type Repository, readStatus, treeOf } from "./repository.ts";
import { CHECKOUT_TIMEOUT_MS, runGit } from "./run-git.ts";
import { addWorktree } from "./worktree.ts";

/** Folders that survive a switch, because filling them takes longer than any check. */
const DEPENDENCY_CACHES = ["node_modules", ".venv"];

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
  await clearLock(pool, signal);
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
  const changed = await readStatus(pool.path, "no", { signal });
  if (tree === wanted && changed.length === 0) return { kind: "exact" };
  return { kind: "other", files: changed.map((file) => file.path) };
}

/** Nobody but us works here, so a lock is one that a git of ours left behind. */
async function clearLock(pool: PoolWorktree, signal?: AbortSignal): Promise<void> {
  const lock = join(await gitDirOf(pool.path, signal), "index.lock");
  if (await removeLeftoverLock(lock, signal)) return;
  throw new Error(`a git of an earlier run still works in the pool worktree: ${lock} exists`);
}

export function poolPath(worktrees: string, project: string): string {
  return join(worktrees, project, ".pool-1");
}
