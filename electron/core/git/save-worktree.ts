import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, rm } from "node:fs/promises";
import { resolve } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import { type Repository, writeRef } from "./repository.ts";
import { CHECKOUT_TIMEOUT_MS, runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";

/**
 * Makes a commit of everything in a worktree, untracked files included and ignored ones not, on top of its HEAD, and points
 * `ref` at it. Neither its files nor its index nor its branch change.
 */
export async function saveWorktree(wanted: {
  readonly repo: Repository;
  readonly path: string;
  readonly ref: `refs/switchyard/${string}`;
  readonly message: string;
  readonly signal?: AbortSignal | undefined;
}): Promise<Oid> {
  const { repo, path, ref, message, signal } = wanted;
  const gitPath = async (name: string) => {
    const { stdout } = await runGit(path, ["rev-parse", "--git-path", name], { signal });
    return resolve(path, stdout.replace(/\n$/, ""));
  };
  const index = await gitPath(`switchyard-index-${randomBytes(4).toString("hex")}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    // A copy knows which files are unchanged and which are left out on purpose (sparse checkout).
    if (existsSync(await gitPath("index"))) await copyFile(await gitPath("index"), index);
    else await runGit(path, ["read-tree", "HEAD"], { signal, env, timeoutMs: WRITE_TIMEOUT_MS });
    await runGit(path, ["add", "--all", "--", ":/"], {
      signal,
      env,
      timeoutMs: CHECKOUT_TIMEOUT_MS,
    });
    const written = await runGit(path, ["write-tree"], {
      signal,
      env,
      timeoutMs: WRITE_TIMEOUT_MS,
    });
    const commit = await commitTree(path, written.stdout.trim(), message, signal);
    await writeRef(repo, ref, commit, signal);
    return commit;
  } finally {
    await rm(index, { force: true });
    await rm(`${index}.lock`, { force: true });
  }
}

async function commitTree(path: string, tree: Oid, message: string, signal?: AbortSignal) {
  const args = ["commit-tree", tree, "-p", "HEAD", "-F", "-"];
  const committed = await runGit(path, args, { signal, env: SAVER, input: message });
  return committed.stdout.trim();
}

/** A rescue must not fail because nobody has told git their name. */
const SAVER = {
  GIT_AUTHOR_NAME: "Switchyard",
  GIT_AUTHOR_EMAIL: "switchyard@localhost",
  GIT_COMMITTER_NAME: "Switchyard",
  GIT_COMMITTER_EMAIL: "switchyard@localhost",
};
