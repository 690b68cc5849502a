import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import { type Blocker, exists, findBlocker, gitDirOf, lockedBy } from "./checkout-blockers.ts";
import { copyIndex } from "./copy-index.ts";
import { finishMove, markMove, moveCheckout, unmarkMove } from "./heal-checkout.ts";
import { indexLockOf, movedIndexOf, takeIndexLock } from "./index-lock.ts";
import { refreshIndex } from "./mend-files.ts";
import { currentBranch, type Repository } from "./repository.ts";
import { GitError, runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";
import { headOf } from "./worktree.ts";

export interface CheckoutMove {
  readonly repo: Repository;
  /** Short name of the branch that is checked out there. */
  readonly target: string;
  readonly from: Oid;
  readonly to: Oid;
}

export type CheckoutOutcome<T> =
  /** What moving the branch came to. */
  | { readonly kind: "tried"; readonly outcome: T }
  /** Nothing was done. */
  | { readonly kind: "held"; readonly blocker: Blocker }
  /** The person has switched to something else meanwhile; nothing was done. */
  | { readonly kind: "left" };

/**
 * Takes index and files of a checkout from one commit to another, and moves its branch with `moveBranch`, which moves that one and no
 * other. No other git gets at the index meanwhile. Where HEAD is not at the new commit after that, because the branch could not be moved
 * or the person went to another one, index and files go back.
 *
 * Killed at any point it leaves a mark, with which `healCheckout` mends the checkout.
 */
export async function moveWithCheckout<T>(
  move: CheckoutMove,
  worktree: string,
  moveBranch: () => Promise<T>,
): Promise<CheckoutOutcome<T>> {
  const { repo, target, from, to } = move;
  const gitDir = await gitDirOf(worktree);
  const mark = await markMove(worktree, { target, from, to });
  const lock = await takeIndexLock(gitDir);
  if (lock === null) {
    await unmarkMove(mark);
    return { kind: "held", blocker: lockedBy(indexLockOf(gitDir)) };
  }
  let step: Step<T>;
  try {
    step = await moveLocked(move, worktree, gitDir, moveBranch);
  } finally {
    await lock[Symbol.asyncDispose]();
  }
  if (step.kind === "killed") return { kind: "held", blocker: CUT_SHORT };
  if (step.kind !== "tried") {
    await unmarkMove(mark);
    return step;
  }
  // A switch that had begun before the branch moved can end after we looked.
  if ((await headOf(worktree)) === from) await moveCheckout(worktree, to, from);
  await finishMove(repo, worktree, move, mark);
  if (step.tried.status === "rejected") throw step.tried.reason;
  return { kind: "tried", outcome: step.tried.value };
}

type Step<T> =
  | { readonly kind: "tried"; readonly tried: PromiseSettledResult<T> }
  | { readonly kind: "held"; readonly blocker: Blocker }
  | { readonly kind: "left" }
  | { readonly kind: "killed" };

const CUT_SHORT: Blocker = { reason: "git was killed while it wrote the files", files: [] };

async function moveLocked<T>(
  move: CheckoutMove,
  worktree: string,
  gitDir: string,
  moveBranch: () => Promise<T>,
): Promise<Step<T>> {
  const { repo, target, from, to } = move;
  if ((await currentBranch(worktree)) !== target) return { kind: "left" };
  const blocker = await findBlocker(repo, worktree, from, to);
  if (blocker) return { kind: "held", blocker };
  try {
    await moveFiles(worktree, gitDir, from, to);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    // A git that ended by itself takes its lock with it and has changed nothing.
    const wasKilled = error.exitCode === null || (await exists(`${movedIndexOf(gitDir)}.lock`));
    return wasKilled
      ? { kind: "killed" }
      : { kind: "held", blocker: { reason: refusal(worktree, error.stderr), files: [] } };
  }
  const [tried] = await Promise.allSettled([moveBranch()]);
  if (!(await isWhereHeadIs(worktree, to))) await moveFiles(worktree, gitDir, to, from);
  return { kind: "tried", tried };
}

/** Not cancelled half-way: what is cut short has to be mended. */
async function moveFiles(worktree: string, gitDir: string, from: Oid, to: Oid): Promise<void> {
  const index = movedIndexOf(gitDir);
  await copyIndex(join(gitDir, "index"), index);
  const env = { GIT_INDEX_FILE: index };
  // A file that was changed and changed back is nobody's change.
  await refreshIndex(worktree, { env });
  await moveCheckout(worktree, from, to, { env });
  await rename(index, join(gitDir, "index"));
}

/** Also where the person has committed what the index holds meanwhile. */
async function isWhereHeadIs(worktree: string, to: Oid): Promise<boolean> {
  if ((await headOf(worktree)) === to) return true;
  const args = ["diff-index", "--cached", "--quiet", "HEAD", "--"];
  const index = await runGit(worktree, args, { okExitCodes: [0, 1], timeoutMs: WRITE_TIMEOUT_MS });
  return index.exitCode === 0;
}

function refusal(worktree: string, stderr: string): string {
  const first = stderr.split("\n").find((line) => line.trim() !== "") ?? "git did not say why";
  return `git refuses to move ${worktree}: ${first.trim()}`;
}
