import { createHash } from "node:crypto";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import { readStatus } from "./repository.ts";
import { type GitOptions, runGit } from "./run-git.ts";

export interface DirtyFile {
  /** git's two letters; `??` is untracked. */
  readonly code: string;
  /** Relative to the worktree. It ends in a slash where it is a repository inside this one. */
  readonly path: string;
  /** Null when it is gone. */
  readonly bytes: number | null;
}

export interface WorktreeLook {
  readonly head: Oid;
  readonly files: readonly DirtyFile[];
  /** The same as long as HEAD, the list of changed files, and the size and time of each are. */
  readonly fingerprint: string;
}

/** One look at what a checkout holds beyond its commits: no file is read and no lock is taken. */
export async function lookAtWorktree(
  path: string,
  options: Pick<GitOptions, "signal" | "env"> = {},
): Promise<WorktreeLook> {
  const asked = await runGit(path, ["rev-parse", "--verify", "HEAD^{commit}"], options);
  const head = asked.stdout.trim();
  const hash = createHash("sha256").update(head);
  const files: DirtyFile[] = [];
  for (const { code, path: name } of await readStatus(path, "all", options)) {
    const stat = await lstat(join(path, name)).catch(() => null);
    hash.update(`\0${code}\0${name}\0${stat?.size}\0${stat?.mtimeMs}\0${stat?.mode}`);
    files.push({ code, path: name, bytes: stat?.size ?? null });
  }
  return { head, files, fingerprint: hash.digest("hex") };
}
