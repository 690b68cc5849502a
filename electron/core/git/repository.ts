import { existsSync } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { removeLeftoverLock } from "./leftover-lock.ts";
import { gitMissing, UNKNOWN_OPTION } from "./probe-git.ts";
import { GitError, type GitOptions, runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";
import { isLockError, runGitPatiently } from "./run-git-patiently.ts";

/** A git repository, known by its main checkout whichever of its folders led to it. */
export interface Repository {
  /** Real path of the main checkout; of the repository itself when it is bare. */
  readonly root: string;
  /** Real path of the folder that all its worktrees share. */
  readonly commonDir: string;
  readonly isBare: boolean;
}

/** Opens the repository around `path`. Throws `not-a-repository`, with git's own words where it refuses a repository. */
export async function openRepository(path: string, signal?: AbortSignal): Promise<Repository> {
  const isBare = (await askPlace(path, "--is-bare-repository", signal)) === "true";
  const commonDir = await realpath(resolve(path, await askPlace(path, "--git-common-dir", signal)));
  if (isBare) return { root: commonDir, commonDir, isBare };
  const gitDir = await realpath(resolve(path, await askPlace(path, "--git-dir", signal)));
  // A worker can write into the git folder; such a file in a main one would name programs to run by another's configuration.
  if (gitDir !== commonDir && dirname(gitDir) !== join(commonDir, "worktrees"))
    throw new SwitchyardError(
      "not-a-repository",
      `${gitDir} says that ${commonDir} is its repository, and is no worktree of that.`,
      `Look at what wrote ${join(gitDir, "commondir")}, and delete it.`,
    );
  const root =
    gitDir === commonDir
      ? await askPlace(path, "--show-toplevel", signal)
      : await mainCheckout(path, signal);
  return { root: await realpath(root), commonDir, isBare };
}

/** One question a call: a path can hold a line break. */
async function askPlace(path: string, what: string, signal?: AbortSignal): Promise<string> {
  try {
    return (await runGit(path, ["rev-parse", what], { signal })).stdout.replace(/\n$/, "");
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if (error.exitCode === -2) throw gitMissing(error);
    const found = await stat(path).catch(() => null);
    if (!found?.isDirectory()) {
      throw new SwitchyardError(
        "not-a-repository",
        found ? `${path} is a file, not a folder.` : `There is no folder ${path}.`,
        "Name the folder of a git repository.",
        error,
      );
    }
    const isPlain = error.exitCode === null || /not a git repository/i.test(error.stderr);
    throw new SwitchyardError(
      "not-a-repository",
      isPlain ? `${path} is not in a git repository.` : `git does not take ${path} as a checkout.`,
      isPlain ? "Choose a folder with a git repository, or run git init there." : error.stderr,
      error,
    );
  }
}

async function mainCheckout(path: string, signal?: AbortSignal): Promise<string> {
  const [[first = ""] = []] = await listWorktreeBlocks(path, signal);
  return first.replace(/^worktree /, "");
}

/** What git tells of each worktree, line by line, the main one first. Before 2.36 it cannot tell of a path with a line break. */
export async function listWorktreeBlocks(
  path: string,
  signal?: AbortSignal,
): Promise<readonly (readonly string[])[]> {
  const args = ["worktree", "list", "--porcelain"];
  const okExitCodes = [0, UNKNOWN_OPTION];
  const told = await runGit(path, [...args, "-z"], { signal, okExitCodes });
  const [text, end] =
    told.exitCode === 0
      ? [told.stdout, "\0"]
      : [(await runGit(path, args, { signal })).stdout, "\n"];
  const blocks = text.split(end + end).map((block) => block.split(end).filter(Boolean));
  return blocks.filter((lines) => lines.length > 0);
}

/** The commit of the branch with exactly this short name. Throws `no-such-branch`, or `empty-repository`. */
export async function resolveBranch(
  repo: Repository,
  name: string,
  signal?: AbortSignal,
): Promise<Oid> {
  const oid = await readRef(repo, `refs/heads/${name}`, signal);
  if (oid !== null) return oid;
  if (await isEmpty(repo, signal)) {
    throw new SwitchyardError(
      "empty-repository",
      `${repo.root} has no commit yet.`,
      "Make a first commit, then try again.",
    );
  }
  throw new SwitchyardError(
    "no-such-branch",
    `${repo.root} has no branch ${name}.`,
    "Create it, or name another target.",
  );
}

/** What a full ref name points at, or null. Never understands `name` as an expression. */
export async function readRef(
  repo: Repository,
  name: string,
  signal?: AbortSignal,
): Promise<Oid | null> {
  const args = ["show-ref", "--verify", "--hash", "--", name];
  const shown = await runGit(repo.commonDir, args, { signal, okExitCodes: [0, 1, 128] });
  if (shown.exitCode === 0) return shown.stdout.trim();
  if (/not a valid ref/.test(shown.stderr)) return null;
  throw new GitError(args, shown);
}

/** Points one of our own refs at a commit, whatever it pointed at before; null removes it. */
export async function writeRef(
  repo: Repository,
  name: `refs/switchyard/${string}`,
  oid: Oid | null,
  signal?: AbortSignal,
): Promise<void> {
  const args = ["update-ref", "--no-deref", ...(oid === null ? ["-d", name] : [name, oid])];
  const options = { signal, timeoutMs: WRITE_TIMEOUT_MS };
  try {
    await runGitPatiently(repo.commonDir, args, options);
  } catch (error) {
    // A git that was killed, or a power cut, leaves the lock; of these refs nobody but us has one.
    const lock = join(repo.commonDir, `${name}.lock`);
    const isLeft = error instanceof GitError && isLockError(error.stderr) && existsSync(lock);
    if (!isLeft || !(await removeLeftoverLock(lock, signal))) throw error;
    await runGitPatiently(repo.commonDir, args, options);
  }
}

/** Full names of the refs below `prefix`, which ends in a slash. */
export async function listRefs(
  repo: Repository,
  prefix: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const args = ["for-each-ref", "--format=%(refname)", prefix];
  return (await runGit(repo.commonDir, args, { signal })).stdout.split("\n").filter(Boolean);
}

export async function hasCommit(
  repo: Repository,
  oid: Oid,
  signal?: AbortSignal,
): Promise<boolean> {
  const args = ["cat-file", "-e", `${oid}^{commit}`];
  const found = await runGit(repo.commonDir, args, { signal, okExitCodes: [0, 1, 128] });
  return found.exitCode === 0;
}

export async function treeOf(repo: Repository, commit: Oid, signal?: AbortSignal): Promise<Oid> {
  const args = ["rev-parse", "--verify", "--end-of-options", `${commit}^{tree}`];
  return (await runGit(repo.commonDir, args, { signal })).stdout.trim();
}

export async function isAncestor(
  repo: Repository,
  older: Oid,
  newer: Oid,
  signal?: AbortSignal,
): Promise<boolean> {
  const args = ["merge-base", "--is-ancestor", older, newer];
  return (await runGit(repo.commonDir, args, { signal, okExitCodes: [0, 1] })).exitCode === 0;
}

/** The newest commit that two commits share; null when their histories do not meet. */
export async function mergeBase(
  repo: Repository,
  one: Oid,
  other: Oid,
  signal?: AbortSignal,
): Promise<Oid | null> {
  const args = ["merge-base", one, other];
  const found = await runGit(repo.commonDir, args, { signal, okExitCodes: [0, 1] });
  return found.stdout.trim() || null;
}

/** True while the repository has no branch, tag or other ref with a commit. */
export async function isEmpty(repo: Repository, signal?: AbortSignal): Promise<boolean> {
  const refs = await runGit(repo.commonDir, ["for-each-ref", "--count=1"], { signal });
  if (refs.stdout !== "") return false;
  const args = ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"];
  return (await runGit(repo.root, args, { signal, okExitCodes: [0, 1] })).exitCode !== 0;
}

/** The branch a checkout is on; null when its HEAD is detached. */
export async function currentBranch(
  worktree: string,
  signal?: AbortSignal,
): Promise<string | null> {
  const args = ["symbolic-ref", "--quiet", "HEAD"];
  const head = await runGit(worktree, args, { signal, okExitCodes: [0, 1] });
  return head.exitCode === 0 ? head.stdout.trim().replace(/^refs\/heads\//, "") : null;
}

/** Paths with uncommitted changes, staged or not, and untracked files that are not ignored. */
export async function dirtyFiles(
  worktree: string,
  options: Pick<GitOptions, "signal" | "env"> = {},
): Promise<readonly string[]> {
  const status = await readStatus(worktree, "all", options);
  return status.map((file) => file.path);
}

export interface FileStatus {
  /** git's two letters, index and checkout; `??` is untracked. */
  readonly code: string;
  readonly path: string;
}

export async function readStatus(
  worktree: string,
  untracked: "all" | "no",
  options: Pick<GitOptions, "signal" | "env"> = {},
): Promise<readonly FileStatus[]> {
  const args = ["status", "--porcelain=v1", "-z", "--no-renames", `--untracked-files=${untracked}`];
  const { stdout } = await runGit(worktree, args, { ...options, timeoutMs: WRITE_TIMEOUT_MS });
  return splitZero(stdout).map((line) => ({ code: line.slice(0, 2), path: line.slice(3) }));
}

/** Whether git knows whose name goes on commits made here. */
export async function hasIdentity(repo: Repository, signal?: AbortSignal): Promise<boolean> {
  const asked = await runGit(repo.root, ["var", "GIT_COMMITTER_IDENT"], {
    signal,
    okExitCodes: [0, 128],
  });
  return asked.exitCode === 0;
}

/** Whether git takes this as the name of a branch; names that look like options or expressions are none. */
export async function isBranchName(repo: Repository, name: string): Promise<boolean> {
  if (name.startsWith("-") || name === "HEAD") return false;
  const args = ["check-ref-format", `refs/heads/${name}`];
  return (await runGit(repo.commonDir, args, { okExitCodes: [0, 1] })).exitCode === 0;
}

export function splitZero(text: string): readonly string[] {
  return text.split("\0").filter((part) => part !== "");
}

/** Deletes a branch that still points at `expected` and that no worktree has checked out; any other stays. */
export async function deleteBranch(
  repo: Repository,
  name: string,
  expected: Oid,
  signal?: AbortSignal,
): Promise<void> {
  const ref = `refs/heads/${name}`;
  const args = ["for-each-ref", "--format=%(refname)%00%(objectname)%00%(worktreepath)", ref];
  const { stdout } = await runGit(repo.commonDir, args, { signal });
  const [found, oid, worktree] = stdout.trimEnd().split("\0");
  if (found !== ref || oid !== expected || worktree !== "") return;
  await runGitPatiently(repo.commonDir, ["update-ref", "--no-deref", "-d", ref, expected], {
    signal,
    timeoutMs: WRITE_TIMEOUT_MS,
  });
}
