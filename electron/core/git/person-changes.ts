import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { findActUnderWay, gitDirOf } from "./checkout-blockers.ts";
import { copyIndex } from "./copy-index.ts";
import { indexLockOf, movedIndexOf, takeIndexLock } from "./index-lock.ts";
import { lookAtWorktree, type WorktreeLook } from "./look-at-worktree.ts";
import { currentBranch, hasIdentity, type Repository, readRef, writeRef } from "./repository.ts";
import { CHECKOUT_TIMEOUT_MS, runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";
import { saveWorktree } from "./save-worktree.ts";

const CARRIED = "refs/switchyard/changes/carried";
const SETTLED = "refs/switchyard/changes/settled";

/** What the person chose for the changes of their checkout. */
interface SettledChanges {
  readonly choice: "carry" | "leave";
  /** Of the changes that were chosen for. */
  readonly fingerprint: string;
}

/** What is changed in the person's checkout; nothing in it is touched. */
export function readPersonChanges(repo: Repository, signal?: AbortSignal): Promise<WorktreeLook> {
  return lookAtWorktree(repo.root, { signal });
}

/** The last choice, kept in the repository itself, so that it goes with what it is about. */
export async function readSettled(
  repo: Repository,
  signal?: AbortSignal,
): Promise<SettledChanges | null> {
  const blob = await readRef(repo, SETTLED, signal);
  if (blob === null) return null;
  const { stdout } = await runGit(repo.commonDir, ["cat-file", "blob", blob], { signal });
  const [choice, fingerprint = ""] = stdout.split(" ");
  return choice === "carry" || choice === "leave" ? { choice, fingerprint } : null;
}

export async function writeSettled(
  repo: Repository,
  settled: SettledChanges | null,
  signal?: AbortSignal,
): Promise<void> {
  if (settled === null) {
    await writeRef(repo, SETTLED, null, signal);
    await writeRef(repo, CARRIED, null, signal);
    return;
  }
  const input = `${settled.choice} ${settled.fingerprint}`;
  const args = ["hash-object", "-w", "--stdin"];
  const written = await runGit(repo.commonDir, args, { signal, input });
  await writeRef(repo, SETTLED, written.stdout.trim(), signal);
}

/** The saved changes that new worktrees begin with, if there are any. */
export function readCarried(repo: Repository, signal?: AbortSignal): Promise<Oid | null> {
  return readRef(repo, CARRIED, signal);
}

/** Keeps the checkout's changes as a commit for new worktrees to begin with; its HEAD, index, stash and files stay as they are. */
export async function saveCarried(repo: Repository, signal?: AbortSignal): Promise<Oid> {
  const message = "Uncommitted changes, carried over";
  return saveWorktree({
    repo,
    path: repo.root,
    ref: CARRIED,
    message,
    unlessSameAs: await readCarried(repo, signal),
    signal,
  });
}

/** Commits everything that is changed, on the branch that new worktrees are made from. Throws `wrong-state` where that cannot be. */
export async function commitChanges(
  repo: Repository,
  target: string,
  message: string,
  signal?: AbortSignal,
): Promise<void> {
  await requireQuiet(repo, signal);
  const branch = await currentBranch(repo.root, signal);
  if (branch !== target)
    throw new SwitchyardError(
      "wrong-state",
      `Your checkout is on ${branch ?? "no branch"} and new worktrees are made from ${target}, which a commit here would not reach.`,
      "Carry the changes over, or switch to that branch first.",
    );
  const gitDir = await gitDirOf(repo.root, signal);
  await using lock = await takeIndexLock(gitDir);
  if (lock === null)
    throw new SwitchyardError(
      "wrong-state",
      `Another git works in ${repo.root}: ${indexLockOf(gitDir)} exists.`,
      "Try again when it has ended.",
    );
  // What is staged stays so where git refuses the commit: it is made from an index of its own, which takes the place of the other after it.
  const index = movedIndexOf(gitDir);
  const env = { GIT_INDEX_FILE: index };
  if (existsSync(join(gitDir, "index"))) await copyIndex(join(gitDir, "index"), index);
  const add = ["add", "--all", "--", ":/"];
  await runGit(repo.root, add, { signal, env, timeoutMs: CHECKOUT_TIMEOUT_MS });
  const args = ["commit", "--quiet", "-F", "-"];
  await runGit(repo.root, args, { signal, env, input: message, timeoutMs: WRITE_TIMEOUT_MS });
  await rename(index, join(gitDir, "index"));
}

/** Puts everything that is changed, untracked files too, on the person's stash. */
export async function stashChanges(
  repo: Repository,
  message: string,
  signal?: AbortSignal,
): Promise<void> {
  await requireQuiet(repo, signal);
  const args = ["stash", "push", "--quiet", "--include-untracked", "-m", message];
  await runGit(repo.root, args, { signal, timeoutMs: CHECKOUT_TIMEOUT_MS });
}

async function requireQuiet(repo: Repository, signal?: AbortSignal): Promise<void> {
  const act = await findActUnderWay(await gitDirOf(repo.root, signal));
  if (act)
    throw new SwitchyardError(
      "wrong-state",
      `${act.charAt(0).toUpperCase()}${act.slice(1)} is under way in ${repo.root}.`,
      "Finish it first, or carry the changes over.",
    );
  if (await hasIdentity(repo, signal)) return;
  throw new SwitchyardError(
    "wrong-state",
    "git does not know your name, which every commit carries.",
    'Tell it with: git config --global user.name "…" and user.email "…"',
  );
}
