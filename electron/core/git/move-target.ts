import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import { systemClock } from "../base/clock.ts";
import type { Lane } from "../base/lane.ts";
import { syncFolder } from "../base/write-file-durably.ts";
import {
  type Blocker,
  exists,
  findActOn,
  findBlocker,
  gitDirOf,
  lockedBy,
} from "./checkout-blockers.ts";
import { findMarked, healCheckout } from "./heal-checkout.ts";
import { indexLockOf } from "./index-lock.ts";
import { laneAt } from "./lane-at.ts";
import { moveWithCheckout } from "./move-checkout.ts";
import { hasCommit, isAncestor, type Repository, readRef } from "./repository.ts";
import { GitError, WRITE_TIMEOUT_MS } from "./run-git.ts";
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
 * A checkout of the target goes forward with it, because moving the branch under a checkout would make the person's
 * next commit revert the landing. Nothing of theirs is stashed, reset or overwritten: what is in the way holds the move.
 */
export function moveTarget(move: TargetMove): Promise<MoveOutcome> {
  return laneOfTarget(move).run(() => moveInLane(move));
}

/** A branch is moved by one of us at a time: what one leaves half done for a moment is another's ground. */
export function laneOfTarget({ repo, target }: Pick<TargetMove, "repo" | "target">): Lane {
  return laneAt(join(repo.commonDir, "refs", "heads", target));
}

/** How often the person may switch away from the target, or to it, between our look and our move. */
const LOOKS = 3;

async function moveInLane(move: TargetMove, look = 1): Promise<MoveOutcome> {
  const { repo, target, from, to, signal } = move;
  const stuck = await healMarked(repo, target, signal);
  const now = await readRef(repo, `refs/heads/${target}`, signal);
  if (now === to) return finish(move);
  if (now !== from) return afterForeignMove(move, now);
  const meant = await readMeant(repo, target);
  if (meant !== null) return { kind: "held", reason: onlyPoints(target, meant), files: [] };

  await syncObjects(repo, from, to, signal);
  const place = await findCheckout(repo, target, signal);
  switch (place.kind) {
    case "busy":
      return { kind: "held", reason: place.reason, files: [] };
    case "checked-out": {
      if (stuck) return { kind: "held", ...stuck };
      const blocker = await waitForLocks(await locksOf(move, place.path), signal);
      if (blocker) return { kind: "held", ...blocker };
      const moved = await moveWithCheckout(move, place.path, () =>
        compareAndSwap(move, place.path),
      );
      if (moved.kind === "tried") return moved.outcome;
      if (moved.kind === "held") return { kind: "held", ...moved.blocker };
      if (look < LOOKS) return moveInLane(move, look + 1);
      return { kind: "held", reason: `${place.path} is switched to and fro`, files: [] };
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

/** Mends all checkouts in which a move of the target was cut short; what stands against that in one of them. */
export async function healMarked(
  repo: Repository,
  target: string,
  signal?: AbortSignal,
): Promise<Blocker | null> {
  for (const path of await findMarked(repo, target)) {
    const stuck = await healCheckout(repo, path, signal);
    if (stuck) return stuck;
  }
  return null;
}

async function lookInLane(move: TargetMove): Promise<Blocker | null> {
  const { repo, target, from, to, signal } = move;
  if ((await readRef(repo, `refs/heads/${target}`, signal)) !== from) return null;
  const place = await findCheckout(repo, target, signal);
  if (place.kind === "busy") return { reason: place.reason, files: [] };
  const stuck = await healMarked(repo, target, signal);
  if (place.kind === "nowhere") return null;
  if (stuck) return stuck;
  for (const lock of await locksOf(move, place.path)) {
    if (await exists(lock)) return lockedBy(lock);
  }
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
  const worktrees = await listWorktrees(repo, signal);
  const [first, ...more] = worktrees
    .filter((each) => each.branch === target && !each.isBare && !each.isPrunable)
    .map(({ path }) => path);
  if (first !== undefined && more.length > 0) {
    const places = [first, ...more].join(", ");
    const reason = `${target} is checked out more than once (${places}), and only one would move with it: switch to another branch in the others`;
    return { kind: "busy", reason };
  }
  if (first !== undefined) return { kind: "checked-out", path: first };
  for (const worktree of worktrees) {
    if (worktree.isBare || worktree.isPrunable) continue;
    if (worktree.branch !== null || !(await exists(worktree.path))) continue;
    const act = await findActOn(await gitDirOf(worktree.path, signal), target);
    if (act)
      return { kind: "busy", reason: `${act} of ${target} is under way in ${worktree.path}` };
  }
  return { kind: "nowhere" };
}

/** In a checkout that has it, the HEAD there keeps it in its reflog too. */
export async function compareAndSwap(
  move: TargetMove,
  folder = move.repo.commonDir,
): Promise<MoveOutcome> {
  const { repo, target, from, to, note, signal } = move;
  const ref = `refs/heads/${target}`;
  const args = ["update-ref", "--no-deref", "-m", note, ref, to, from];
  try {
    await runGitPatiently(folder, args, { signal, timeoutMs: WRITE_TIMEOUT_MS });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const now = await readRef(repo, ref, signal);
    if (now === to) return finish(move);
    if (now !== from) return { kind: "target-moved", now };
    if (!isLockError(error.stderr)) throw error;
    const lock = lockIn(error.stderr);
    if (lock !== null) return { kind: "held", ...lockedBy(lock) };
    return { kind: "held", reason: `git cannot lock ${target}: ${error.stderr.trim()}`, files: [] };
  }
  return finish(move);
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

/** Of a branch that is only a name for another one, that other one: moved by itself it would be cut loose from it. */
async function readMeant(repo: Repository, target: string): Promise<string | null> {
  const file = join(repo.commonDir, "refs", "heads", target);
  const text = await readFile(file, "utf8").catch(() => "");
  return /^ref: refs\/heads\/(.+)\n?$/.exec(text)?.[1] ?? null;
}

function onlyPoints(target: string, meant: string): string {
  return `${target} is only another name for ${meant}: make ${meant} the target of the project`;
}

/** The target went on from our commit after the move was made: it landed. */
async function afterForeignMove(move: TargetMove, now: Oid | null): Promise<MoveOutcome> {
  const { repo, to, signal } = move;
  // What a clean-up of the person's took is part of nothing.
  const isThere = now !== null && (await hasCommit(repo, to, signal));
  if (isThere && (await isAncestor(repo, to, now, signal))) return finish(move);
  return { kind: "target-moved", now };
}

/** What a move takes: one that is there already keeps the files from going there and back. */
async function locksOf(
  { repo, target, signal }: TargetMove,
  worktree: string,
): Promise<readonly string[]> {
  const gitDir = await gitDirOf(worktree, signal);
  const branch = join(repo.commonDir, "refs", "heads", `${target}.lock`);
  return [indexLockOf(gitDir), join(gitDir, "HEAD.lock"), branch];
}

export async function waitForIndexLock(
  worktree: string,
  signal?: AbortSignal,
): Promise<Blocker | null> {
  return waitForLocks([indexLockOf(await gitDirOf(worktree, signal))], signal);
}

async function waitForLocks(
  locks: readonly string[],
  signal?: AbortSignal,
): Promise<Blocker | null> {
  const never = new AbortController().signal;
  let pauseMs = 50;
  for (const lock of locks) {
    for (; await exists(lock); pauseMs *= 2) {
      if (pauseMs > 1600) return lockedBy(lock);
      await systemClock.wait(pauseMs, signal ?? never);
    }
  }
  return null;
}

/** The lock that a git says is in its way; null where something else is. */
function lockIn(stderr: string): string | null {
  return /Unable to create '(.+\.lock)': File exists/.exec(stderr)?.[1] ?? null;
}
