import { dirname, join } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import { systemClock } from "../base/clock.ts";
import type { Lane } from "../base/lane.ts";
import { syncFolder } from "../base/write-file-durably.ts";
import { type Blocker, exists, findActOn, findBlocker, gitDirOf } from "./checkout-blockers.ts";
import { finishMove, healCheckout, markMove, unmarkMove } from "./heal-checkout.ts";
import { laneAt } from "./lane-at.ts";
import { hasCommit, isAncestor, type Repository, readRef } from "./repository.ts";
import { CHECKOUT_TIMEOUT_MS, GitError, runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";
import { isLockError, runGitPatiently } from "./run-git-patiently.ts";
import { syncFiles, syncObjects } from "./sync-objects.ts";
import { listWorktrees } from "./worktree.ts";

export interface TargetMove {
  readonly repo: Repository;
  /** Short name of the branch. */
  readonly target: string;
  readonly from: Oid;
  /** A descendant of `from`. */
  readonly to: Oid;
  /** What git's reflog says about the move. */
  readonly note: string;
  readonly signal?: AbortSignal;
}

export type MoveOutcome =
  | { readonly kind: "moved" }
  /** Somebody else moved it: nothing was done. Null: the branch is gone. */
  | { readonly kind: "target-moved"; readonly now: Oid | null }
  /** A checkout of the target is in the way; nothing was done. */
  | ({ readonly kind: "held" } & Blocker);

/**
 * Moves a branch forward by compare-and-swap, exactly once: repeated after a crash at any point it finishes or finds it done.
 *
 * A target that is checked out is fast-forwarded there, because moving the branch under a checkout would make the person's
 * next commit revert the landing. Nothing of theirs is stashed, reset or overwritten: what is in the way holds the move.
 */
export function moveTarget(move: TargetMove): Promise<MoveOutcome> {
  return laneOfTarget(move).run(() => moveInLane(move));
}

/** A branch is moved by one of us at a time: what one leaves half done for a moment is another's ground. */
export function laneOfTarget({ repo, target }: Pick<TargetMove, "repo" | "target">): Lane {
  return laneAt(join(repo.commonDir, "refs", "heads", target));
}

async function moveInLane(move: TargetMove): Promise<MoveOutcome> {
  const { repo, target, from, to, signal } = move;
  const now = await readRef(repo, `refs/heads/${target}`, signal);
  if (now === to) return finish(move);
  if (now !== from) return afterForeignMove(move, now);

  await syncObjects(repo, from, to, signal);
  const place = await findCheckout(repo, target, signal);
  switch (place.kind) {
    case "busy":
      return { kind: "held", reason: place.reason, files: [] };
    case "checked-out": {
      const stuck = await healCheckout(repo, place.path, signal);
      if (stuck) return { kind: "held", ...stuck };
      const blocker =
        (await waitForIndexLock(place.path, signal)) ??
        (await findBlocker(repo, place.path, from, to, signal));
      return blocker ? { kind: "held", ...blocker } : fastForward(move, place.path);
    }
    case "nowhere":
      return compareAndSwap(move);
  }
}

/**
 * What would hold the move now; null when nothing would, or when the target is no longer at `from`. Mends what a move that was
 * cut short left behind, and changes nothing else.
 */
export function findMoveBlocker(move: TargetMove): Promise<Blocker | null> {
  return laneOfTarget(move).run(() => lookInLane(move));
}

async function lookInLane(move: TargetMove): Promise<Blocker | null> {
  const { repo, target, from, to, signal } = move;
  if ((await readRef(repo, `refs/heads/${target}`, signal)) !== from) return null;
  const place = await findCheckout(repo, target, signal);
  if (place.kind === "busy") return { reason: place.reason, files: [] };
  if (place.kind === "nowhere") return null;
  const stuck = await healCheckout(repo, place.path, signal);
  if (stuck) return stuck;
  const lock = join(await gitDirOf(place.path, signal), "index.lock");
  if (await exists(lock)) return locked(lock);
  return findBlocker(repo, place.path, from, to, signal);
}

type Place =
  | { readonly kind: "nowhere" }
  | { readonly kind: "checked-out"; readonly path: string }
  | { readonly kind: "busy"; readonly reason: string };

export async function findCheckout(
  repo: Repository,
  target: string,
  signal?: AbortSignal,
): Promise<Place> {
  for (const worktree of await listWorktrees(repo, signal)) {
    if (worktree.isBare || worktree.isPrunable) continue;
    if (worktree.branch === target) return { kind: "checked-out", path: worktree.path };
    if (worktree.branch !== null || !(await exists(worktree.path))) continue;
    const act = await findActOn(await gitDirOf(worktree.path, signal), target);
    if (act)
      return { kind: "busy", reason: `${act} of ${target} is under way in ${worktree.path}` };
  }
  return { kind: "nowhere" };
}

export async function compareAndSwap(move: TargetMove): Promise<MoveOutcome> {
  const { repo, target, from, to, note, signal } = move;
  const ref = `refs/heads/${target}`;
  const args = ["update-ref", "--no-deref", "-m", note, ref, to, from];
  try {
    await runGitPatiently(repo.commonDir, args, { signal, timeoutMs: WRITE_TIMEOUT_MS });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const now = await readRef(repo, ref, signal);
    if (now === to) return finish(move);
    if (now !== from) return { kind: "target-moved", now };
    if (!isLockError(error.stderr)) throw error;
    return { kind: "held", reason: `git cannot lock ${target}: ${error.stderr.trim()}`, files: [] };
  }
  return finish(move);
}

async function fastForward(move: TargetMove, worktree: string): Promise<MoveOutcome> {
  const { repo, target, from, to, note, signal } = move;
  const mark = await markMove(worktree, { target, from, to }, signal);
  const settings = ["merge.autoStash=false", "submodule.recurse=false"];
  settings.push("core.fsync=committed,reference,index");
  const args = [
    ...settings.flatMap((each) => ["-c", each]),
    "merge",
    "--quiet",
    "--ff-only",
    "--no-squash",
    "--no-autostash",
    "--no-verify-signatures",
    "--no-overwrite-ignore",
    "--no-stat",
    to,
  ];
  const env = { GIT_REFLOG_ACTION: note };
  const timeoutMs = CHECKOUT_TIMEOUT_MS;
  // Not cancelled half-way: an interrupted fast-forward leaves a checkout to be healed.
  const merge = await runGit(worktree, args, { env, timeoutMs, okExitCodes: [0, 1, 128] }).catch(
    (error: unknown) => {
      if (error instanceof GitError) return error;
      throw error;
    },
  );
  // A git that ended by itself takes its lock with it; one that was killed leaves work for healCheckout.
  const wasKilled = await exists(join(await gitDirOf(worktree, signal), "index.lock"));
  const now = await readRef(repo, `refs/heads/${target}`, signal);
  if (!wasKilled) {
    if (now === to) await finishMove(repo, worktree, move, mark);
    else await unmarkMove(mark);
  }
  if (now === to) return finish(move);
  if (now !== from) return { kind: "target-moved", now };
  return { kind: "held", reason: refusal(worktree, merge.stderr), files: namedFiles(merge.stderr) };
}

async function finish({ repo, target }: TargetMove): Promise<MoveOutcome> {
  // git syncs the ref's file but not its name in the folder, nor folders that it made for it.
  const heads = join(repo.commonDir, "refs", "heads");
  const file = join(heads, target);
  if (await exists(file)) {
    for (let folder = dirname(file); folder.startsWith(heads); folder = dirname(folder)) {
      syncFolder(folder);
    }
  }
  // So that the reflog tells of it: git never syncs one.
  await syncFiles([join(repo.commonDir, "logs", "refs", "heads", target)]);
  return { kind: "moved" };
}

/** The target went on from our commit after the move was made: it landed. */
async function afterForeignMove(move: TargetMove, now: Oid | null): Promise<MoveOutcome> {
  const { repo, to, signal } = move;
  // What a clean-up of the person's took is part of nothing.
  const isThere = now !== null && (await hasCommit(repo, to, signal));
  if (isThere && (await isAncestor(repo, to, now, signal))) return finish(move);
  return { kind: "target-moved", now };
}

export async function waitForIndexLock(
  worktree: string,
  signal?: AbortSignal,
): Promise<Blocker | null> {
  const lock = join(await gitDirOf(worktree, signal), "index.lock");
  const never = new AbortController().signal;
  for (let pauseMs = 50; await exists(lock); pauseMs *= 2) {
    if (pauseMs > 1600) return locked(lock);
    await systemClock.wait(pauseMs, signal ?? never);
  }
  return null;
}

function locked(lock: string): Blocker {
  return { reason: `another git is at work: ${lock} exists`, files: [] };
}

export function refusal(worktree: string, stderr: string): string {
  const first = stderr.split("\n").find((line) => line.trim() !== "") ?? "git did not say why";
  return `git refuses to move ${worktree}: ${first.trim()}`;
}

/** git lists the files it would overwrite indented with a tab. */
export function namedFiles(stderr: string): readonly string[] {
  return stderr
    .split("\n")
    .filter((line) => line.startsWith("\t"))
    .map((line) => line.trim());
}
