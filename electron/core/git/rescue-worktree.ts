import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { gitDirOf, hiddenFiles } from "./checkout-blockers.ts";
import { numbersBelow } from "./checkpoint.ts";
import { lookAtWorktree } from "./look-at-worktree.ts";
import { pinOf } from "./pin-worktree.ts";
import { type Repository, readRef } from "./repository.ts";
import { saveWorktree } from "./save-worktree.ts";
import { findWorktree, isUsable } from "./worktree.ts";

export interface Rescued {
  readonly head: Oid;
  /** Null while its HEAD is detached. */
  readonly branch: string | null;
  /** Holds what was not committed, and the commits of a detached HEAD; null when its branch holds all of it. */
  readonly ref: string | null;
}

/**
 * Keeps what only this worktree holds under `refs/switchyard/rescue/<task>/<number>`: changed, staged and untracked files, and
 * commits of a detached HEAD; ignored files are not kept. Again the same: the same ref. Null when there is no worktree to look at.
 *
 * Throws `wrong-state` where a commit cannot hold all of it, because another repository lies inside.
 */
export async function rescueWorktree(
  repo: Repository,
  path: string,
  task: string,
  signal?: AbortSignal,
): Promise<Rescued | null> {
  const found = await findWorktree(repo, path, signal);
  if (!found?.head) return null;
  const { head, branch } = found;
  if (!isUsable(found)) return { head, branch, ref: null };
  const env = await pinOf(repo, path);
  const { files } = await lookAtWorktree(path, { signal, env });
  await refuseInnerRepositories(path, files, signal);
  const hidden = await hiddenFiles(path, { signal, env });
  if (files.length + hidden.length === 0 && branch !== null) return { head, branch, ref: null };

  const folder = `refs/switchyard/rescue/${task}` as const;
  const newest = (await numbersBelow(repo, folder, signal)).at(-1) ?? 0;
  const last = newest === 0 ? null : await readRef(repo, `${folder}/${newest}`, signal);
  const ref = `${folder}/${newest + 1}` as const;
  const message = `Saved from ${task}`;
  const what = { repo, path, ref, message, hidden };
  const saved = await saveWorktree({ ...what, unlessSameAs: last, signal });
  return { head, branch, ref: saved === last ? `${folder}/${newest}` : ref };
}

async function refuseInnerRepositories(
  path: string,
  files: readonly { readonly path: string }[],
  signal?: AbortSignal,
): Promise<void> {
  const inner = files.filter((file) => file.path.endsWith("/")).map((file) => file.path);
  // Commits made in a submodule of this worktree are nowhere else.
  if (existsSync(join(await gitDirOf(path, signal), "modules"))) inner.push("its submodules");
  if (inner.length === 0) return;
  throw new SwitchyardError(
    "wrong-state",
    `${path} holds other git repositories (${inner.join(", ")}), whose commits would be lost with it.`,
    "Move out what you want to keep and delete them there, then try again.",
  );
}
