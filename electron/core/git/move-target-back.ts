import { join } from "node:path";
import { type Blocker, exists, findBlocker, gitDirOf } from "./checkout-blockers.ts";
import { finishMove, healCheckout, markMove, moveCheckout, unmarkMove } from "./heal-checkout.ts";
import {
  compareAndSwap,
  findCheckout,
  laneOfTarget,
  type MoveOutcome,
  refusal,
  type TargetMove,
  waitForIndexLock,
} from "./move-target.ts";
import { type Repository, readRef } from "./repository.ts";
import { GitError, runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";

/**
 * Moves a branch back to a commit that it came from, by compare-and-swap. Where it is checked out, index and files go with it
 * under the same rules as forwards: what the person changed stays as it is, or is in the way and nothing is done.
 *
 * A crash before the branch has moved leaves a mark, with which `healCheckout` brings the checkout to where it was.
 *
 * `refuse` is called once nobody else of ours moves the branch; what it throws ends the move with nothing done.
 */
export function moveTargetBack(
  move: TargetMove,
  refuse: () => void = () => undefined,
): Promise<MoveOutcome> {
  return laneOfTarget(move).run(() => {
    refuse();
    return moveInLane(move);
  });
}

/** Mends a checkout of the target in which a move was cut short; gives what stands against that. */
export function healTarget({
  repo,
  target,
  signal,
}: Pick<TargetMove, "repo" | "target" | "signal">): Promise<Blocker | null> {
  return laneOfTarget({ repo, target }).run(async () => {
    const place = await findCheckout(repo, target, signal);
    return place.kind === "checked-out" ? healCheckout(repo, place.path, signal) : null;
  });
}

async function moveInLane(move: TargetMove): Promise<MoveOutcome> {
  const { repo, target, from, to, signal } = move;
  const now = await readRef(repo, refOf(move), signal);
  if (now !== from) return { kind: "target-moved", now };
  const place = await findCheckout(repo, target, signal);
  switch (place.kind) {
    case "busy":
      return { kind: "held", reason: place.reason, files: [] };
    case "checked-out": {
      const blocker =
        (await healCheckout(repo, place.path, signal)) ??
        (await waitForIndexLock(place.path, signal)) ??
        (await findBlocker(repo, place.path, from, to, signal));
      return blocker ? { kind: "held", ...blocker } : moveWithCheckout(move, place.path);
    }
    case "nowhere":
      return compareAndSwap(move);
  }
}

async function moveWithCheckout(move: TargetMove, worktree: string): Promise<MoveOutcome> {
  const { repo, target, from, to, note } = move;
  const mark = await markMove(worktree, { target, from, to });
  try {
    // Not cancelled half-way: what is cut short has to be mended.
    await moveCheckout(worktree, from, to);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    // A git that ended by itself takes its lock with it and has changed nothing.
    const wasKilled = await exists(join(await gitDirOf(worktree), "index.lock"));
    if (!wasKilled) await unmarkMove(mark);
    return { kind: "held", reason: refusal(worktree, error.stderr), files: [] };
  }
  try {
    return await compareAndSwap({ repo, target, from, to, note });
  } finally {
    if ((await readRef(repo, refOf(move))) !== to) await goForward(repo, worktree, move);
    await finishMove(repo, worktree, move, mark);
  }
}

/** The branch did not follow: the checkout goes to where it was, unless the person has committed what it holds meanwhile. */
async function goForward(repo: Repository, worktree: string, move: TargetMove): Promise<void> {
  const args = ["diff-index", "--cached", "--quiet", "HEAD", "--"];
  const now = await readRef(repo, refOf(move));
  const index = await runGit(worktree, args, { okExitCodes: [0, 1], timeoutMs: WRITE_TIMEOUT_MS });
  if (now !== null && index.exitCode !== 0) await moveCheckout(worktree, move.to, move.from);
}

function refOf({ target }: TargetMove): string {
  return `refs/heads/${target}`;
}
