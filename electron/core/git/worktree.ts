import { existsSync } from "node:fs";
import { mkdir, readdir, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { countCommits } from "./diff.ts";
import { laneAt } from "./lane-at.ts";
import { pinOf } from "./pin-worktree.ts";
import {
  currentBranch,
  dirtyFiles,
  isBranchName,
  listWorktreeBlocks,
  type Repository,
  readRef,
} from "./repository.ts";
import { CHECKOUT_TIMEOUT_MS, runGit } from "./run-git.ts";
import { runGitPatiently } from "./run-git-patiently.ts";

/** What git itself writes as the reason of the lock while it still fills a new worktree. */
const HALF_MADE = "initializing";

export interface Worktree {
  readonly path: string;
  readonly head: Oid | null;
  /** Short name; null while its HEAD is detached. */
  readonly branch: string | null;
  readonly isBare: boolean;
  /** Why it is locked (may be empty); null when it is not. */
  readonly lock: string | null;
  /** Its folder is gone. */
  readonly isPrunable: boolean;
}

export async function listWorktrees(
  repo: Repository,
  signal?: AbortSignal,
): Promise<readonly Worktree[]> {
  return (await listWorktreeBlocks(repo.commonDir, signal)).map(readWorktree);
}

function readWorktree(lines: readonly string[]): Worktree {
  const find = (key: string) => {
    const line = lines.find((each) => each === key || each.startsWith(`${key} `));
    return line === undefined ? null : line.slice(key.length + 1);
  };
  return {
    path: find("worktree") ?? "",
    head: find("HEAD"),
    branch: find("branch")?.replace(/^refs\/heads\//, "") ?? null,
    isBare: find("bare") !== null,
    lock: find("locked"),
    isPrunable: find("prunable") !== null,
  };
}

interface NewWorktree {
  readonly repo: Repository;
  readonly path: string;
  /** Short name of its branch, made at `from` when it does not exist; null: a detached HEAD at `from`. */
  readonly branch: string | null;
  readonly from: Oid;
  /** Why it is locked against `git worktree prune`. */
  readonly reason: string;
  readonly signal?: AbortSignal;
}

/**
 * Makes a worktree, locked. Called again after a crash at any point it ends with the same worktree: one that is complete is
 * kept as it is, one that git was still filling is made anew, a branch that exists is used as it stands.
 */
export async function addWorktree(wanted: NewWorktree): Promise<{ readonly head: Oid }> {
  // `git worktree add` is not atomic, so one repository sees one change of its worktrees at a time.
  return laneAt(wanted.repo.commonDir).run(() => addInLane(wanted));
}

async function addInLane({ repo, path, branch, from, reason, signal }: NewWorktree) {
  if (branch !== null && !(await isBranchName(repo, branch))) {
    throw new SwitchyardError("bad-input", `git does not take ${branch} as the name of a branch.`);
  }
  let found = await findWorktree(repo, path, signal);
  if (found && !isUsable(found)) {
    await dropWorktree(repo, path, signal);
    found = undefined;
  }
  if (branch !== null && !found) await requireFree(repo, branch, signal);
  if (!found) await createWorktree(repo, path, branch, from, signal);
  else if (found.branch !== branch) {
    throw new SwitchyardError(
      "name-taken",
      `${path} is already a worktree, on ${found.branch ?? "no branch"}.`,
      "Remove it with git worktree remove, or choose another place.",
    );
  }
  const isLocked = found !== undefined && found.lock !== null;
  if (!isLocked) {
    const lock = ["worktree", "lock", "--reason", reason, "--", path];
    await runGitPatiently(repo.commonDir, lock, { signal });
  }
  return { head: await headOf(path, signal) };
}

/** Says in words what git would say of a branch that cannot be made, or is checked out elsewhere. */
async function requireFree(repo: Repository, branch: string, signal?: AbortSignal): Promise<void> {
  const worktrees = await listWorktrees(repo, signal);
  const holder = worktrees.find((each) => each.branch === branch && !each.isPrunable);
  if (holder)
    throw new SwitchyardError(
      "wrong-state",
      `The branch ${branch} is checked out in ${holder.path}.`,
      "Switch to another branch there, then try again.",
    );
  for (let end = branch.indexOf("/"); end > 0; end = branch.indexOf("/", end + 1)) {
    const inTheWay = branch.slice(0, end);
    if ((await readRef(repo, `refs/heads/${inTheWay}`, signal)) === null) continue;
    throw new SwitchyardError(
      "name-taken",
      `The branch ${inTheWay} keeps git from making ${branch}: a name is a branch or a folder of branches, not both.`,
      `Rename it: git branch -m ${inTheWay} ANOTHER-NAME`,
    );
  }
}

/** git makes a worktree in an empty folder, and in no other that is there. */
async function requireEmpty(path: string): Promise<void> {
  const isTaken = await readdir(path).then(
    (names) => names.length > 0,
    () => existsSync(path),
  );
  if (!isTaken) return;
  throw new SwitchyardError(
    "wrong-state",
    `Something else is at ${path}, where the worktree belongs.`,
    "Move it to another place, then try again.",
  );
}

async function createWorktree(
  repo: Repository,
  path: string,
  branch: string | null,
  from: Oid,
  signal?: AbortSignal,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await requireEmpty(path);
  const hasBranch = branch !== null && (await readRef(repo, `refs/heads/${branch}`)) !== null;
  // Without --no-track git writes the shared config file, and worktrees made at one time fail on its lock.
  const how = branch === null ? ["--detach"] : hasBranch ? [] : ["--no-track", "-b", branch];
  const start = hasBranch ? branch : from;
  await runGitPatiently(repo.commonDir, ["worktree", "add", ...how, "--", path, start], {
    signal,
    timeoutMs: CHECKOUT_TIMEOUT_MS,
  });
}

/** Takes a worktree away with all that is in it, and keeps its branch. One that is not there is no error. */
export async function removeWorktree(
  repo: Repository,
  path: string,
  signal?: AbortSignal,
): Promise<void> {
  await laneAt(repo.commonDir).run(async () => {
    if (await findWorktree(repo, path, signal)) await dropWorktree(repo, path, signal);
  });
}

/** The worktree that git knows at a path, in whatever condition. */
export async function findWorktree(
  repo: Repository,
  path: string,
  signal?: AbortSignal,
): Promise<Worktree | undefined> {
  // git names a worktree by its real path; the folder itself may be gone.
  const parent = await realpath(dirname(path)).catch(() => dirname(path));
  const real = join(parent, basename(path));
  const all = await listWorktrees(repo, signal);
  return all.find((each) => each.path === real || each.path === path);
}

/** Whether it can be worked in: its folder is there and git is through with making it. */
export function isUsable(worktree: Worktree): boolean {
  return existsSync(join(worktree.path, ".git")) && worktree.lock !== HALF_MADE;
}

export interface WorktreeStatus {
  readonly dirtyFiles: readonly string[];
  readonly head: Oid;
  readonly branch: string | null;
  /** Commits of its HEAD that `fork` does not have. */
  readonly commits: number;
}

export async function worktreeStatus(
  repo: Repository,
  path: string,
  fork: Oid,
  signal?: AbortSignal,
): Promise<WorktreeStatus> {
  const head = await headOf(path, signal);
  return {
    head,
    dirtyFiles: await dirtyFiles(path, { signal, env: await pinOf(repo, path) }),
    branch: await currentBranch(path, signal),
    commits: await countCommits(repo, fork, head, signal),
  };
}

export async function headOf(worktree: string, signal?: AbortSignal): Promise<Oid> {
  const args = ["rev-parse", "--verify", "HEAD^{commit}"];
  return (await runGit(worktree, args, { signal })).stdout.trim();
}

/** Twice forced: the first for what is in it, the second for the lock. */
async function dropWorktree(repo: Repository, path: string, signal?: AbortSignal): Promise<void> {
  const args = ["worktree", "remove", "--force", "--force", "--", path];
  await runGitPatiently(repo.commonDir, args, { signal, timeoutMs: CHECKOUT_TIMEOUT_MS });
}
