import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import { systemClock } from "../base/clock.ts";
import { copyIndex } from "./copy-index.ts";
import { pinOf } from "./pin-worktree.ts";
import { type Repository, treeOf, writeRef } from "./repository.ts";
import { CHECKOUT_TIMEOUT_MS, runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";

const INDEX = "switchyard-index-";
/** No saving takes this long, so what is older was left by a kill. */
const LEFT_AFTER_MS = 24 * 3_600_000;

export interface Saving {
  readonly repo: Repository;
  readonly path: string;
  readonly ref: `refs/switchyard/${string}`;
  readonly message: string;
  /** Untracked paths that are not saved, relative to the worktree. */
  readonly leaveOut?: readonly string[];
  /** Files that git was told not to look at and that are saved all the same, relative to the worktree. */
  readonly hidden?: readonly string[];
  /** An earlier commit of this kind: when it holds the same, it is the answer and nothing is written. */
  readonly unlessSameAs?: Oid | null;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes a commit of everything in a worktree, untracked files included and ignored ones not, on top of its HEAD, and points
 * `ref` at it. Its second parent, where there is one, holds what was staged. Neither its files nor its index nor its branch
 * change.
 */
export async function saveWorktree(wanted: Saving): Promise<Oid> {
  const { repo, path, ref, message, unlessSameAs = null, signal } = wanted;
  const pin = await pinOf(repo, path);
  const gitPath = async (name: string) => {
    const asked = { signal, env: pin };
    const { stdout } = await runGit(path, ["rev-parse", "--git-path", name], asked);
    return resolve(path, stdout.replace(/\n$/, ""));
  };
  const index = await gitPath(`${INDEX}${randomBytes(4).toString("hex")}`);
  const env = { ...pin, GIT_INDEX_FILE: index };
  await removeLeftovers(dirname(index));
  try {
    // A copy knows which files are unchanged and which are left out on purpose (sparse checkout).
    if (existsSync(await gitPath("index"))) await copyIndex(await gitPath("index"), index);
    else await runGit(path, ["read-tree", "HEAD"], { signal, env, timeoutMs: WRITE_TIMEOUT_MS });
    await unhide(wanted, env);
    const head = await headCommit(path, pin, signal);
    const staged = await writeStaged(path, env, signal);
    const tree = await writeAll(wanted, env);
    const isStaged = staged !== null && staged !== (await treeOf(repo, head, signal));
    const stagedCommit = isStaged ? await commitTree(repo, staged, [head], message, signal) : null;
    if (
      unlessSameAs !== null &&
      (await holds(repo, unlessSameAs, { tree, head, staged: isStaged ? staged : null }, signal))
    )
      return unlessSameAs;
    const parents = stagedCommit === null ? [head] : [head, stagedCommit];
    const commit = await commitTree(repo, tree, parents, message, signal);
    await writeRef(repo, ref, commit, signal);
    return commit;
  } finally {
    await rm(index, { force: true });
    await rm(`${index}.lock`, { force: true });
  }
}

/** In the copied index alone. */
async function unhide({ path, hidden = [], signal }: Saving, env: Record<string, string>) {
  if (hidden.length === 0) return;
  const input = hidden.map((file) => `${file}\0`).join("");
  for (const mark of ["--no-assume-unchanged", "--no-skip-worktree"])
    await runGit(path, ["update-index", mark, "-z", "--stdin"], { signal, env, input });
}

async function removeLeftovers(gitDir: string): Promise<void> {
  const left = systemClock.now().getTime() - LEFT_AFTER_MS;
  for (const name of await readdir(gitDir)) {
    if (!name.startsWith(INDEX)) continue;
    const file = join(gitDir, name);
    const found = await stat(file).catch(() => null);
    if (found && found.mtimeMs < left) await rm(file, { force: true });
  }
}

async function headCommit(
  path: string,
  env: Record<string, string>,
  signal?: AbortSignal,
): Promise<Oid> {
  const args = ["rev-parse", "--verify", "HEAD^{commit}"];
  return (await runGit(path, args, { signal, env })).stdout.trim();
}

/** What is staged, as a tree; null in the middle of a conflict, which no tree can hold. */
async function writeStaged(path: string, env: Record<string, string>, signal?: AbortSignal) {
  const written = await runGit(path, ["write-tree"], {
    signal,
    env,
    okExitCodes: [0, 128],
    timeoutMs: WRITE_TIMEOUT_MS,
  });
  return written.exitCode === 0 ? written.stdout.trim() : null;
}

async function writeAll(
  { path, leaveOut = [], signal }: Saving,
  env: Record<string, string>,
): Promise<Oid> {
  const paths = [":/", ...leaveOut.map((each) => `:(top,literal,exclude)${each}`)];
  await runGit(path, ["add", "--all", "--pathspec-from-file=-", "--pathspec-file-nul"], {
    signal,
    env,
    input: paths.join("\0"),
    timeoutMs: CHECKOUT_TIMEOUT_MS,
  });
  const written = await runGit(path, ["write-tree"], { signal, env, timeoutMs: WRITE_TIMEOUT_MS });
  return written.stdout.trim();
}

async function holds(
  repo: Repository,
  commit: Oid,
  now: { readonly tree: Oid; readonly head: Oid; readonly staged: Oid | null },
  signal?: AbortSignal,
): Promise<boolean> {
  const args = ["rev-parse", `${commit}^{tree}`, `${commit}^1`, `${commit}^2^{tree}`];
  const found = await runGit(repo.commonDir, args, { signal, okExitCodes: [0, 128] });
  const [tree, head, staged] = found.stdout.split("\n");
  // Where there is no second parent, rev-parse repeats the question after the answers it has.
  const stagedBefore = found.exitCode === 0 ? staged : null;
  return tree === now.tree && head === now.head && stagedBefore === now.staged;
}

async function commitTree(
  repo: Repository,
  tree: Oid,
  parents: readonly Oid[],
  message: string,
  signal?: AbortSignal,
): Promise<Oid> {
  const args = ["commit-tree", tree, ...parents.flatMap((each) => ["-p", each]), "-F", "-"];
  const committed = await runGit(repo.commonDir, args, { signal, env: SAVER, input: message });
  return committed.stdout.trim();
}

/** A rescue must not fail because nobody has told git their name. */
export const SAVER = {
  GIT_AUTHOR_NAME: "Switchyard",
  GIT_AUTHOR_EMAIL: "switchyard@localhost",
  GIT_COMMITTER_NAME: "Switchyard",
  GIT_COMMITTER_EMAIL: "switchyard@localhost",
};
