import type { Oid } from "../../../shared/model/ids.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { type Repository, readRef } from "./repository.ts";
import { CHECKOUT_TIMEOUT_MS, runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";
import { addWorktree } from "./worktree.ts";

/**
 * Puts a worktree back as it was when it was rescued: on its branch, with the files that were not committed, staged ones staged.
 * Asked again after a crash at any point it ends the same.
 *
 * Throws `wrong-state` when its branch has moved or is checked out elsewhere, and `not-found` when what was saved is gone.
 */
export async function restoreWorktree(wanted: {
  readonly repo: Repository;
  readonly path: string;
  readonly branch: string | null;
  readonly head: Oid;
  readonly rescue: string | null;
  readonly reason: string;
  readonly signal?: AbortSignal;
}): Promise<void> {
  const { repo, path, branch, head, rescue, reason, signal } = wanted;
  const saved = rescue === null ? null : await readRef(repo, rescue, signal);
  if (rescue !== null && saved === null)
    throw new SwitchyardError("not-found", `${rescue}, which held its uncommitted files, is gone.`);
  if (branch !== null && saved !== null) await requireUnmoved(wanted, branch);
  await addWorktree({ repo, path, branch, from: head, reason, ...(signal ? { signal } : {}) });
  if (saved === null) return;
  const staged = await runGit(path, ["rev-parse", "--verify", "--quiet", `${saved}^2`], {
    signal,
    okExitCodes: [0, 1],
  });
  await fillWorktree(path, saved, staged.stdout.trim() || "HEAD", signal);
}

async function requireUnmoved(
  { repo, head, rescue, signal }: Parameters<typeof restoreWorktree>[0],
  branch: string,
): Promise<void> {
  const now = await readRef(repo, `refs/heads/${branch}`, signal);
  if (now !== null && now !== head)
    throw new SwitchyardError(
      "wrong-state",
      `The branch ${branch} has moved since its worktree was removed, so its uncommitted files no longer fit.`,
      `They are the commit ${rescue}; take what you need with: git checkout ${rescue} -- PATH`,
    );
}

/** Makes a worktree's files those of `content`, and its index that of `index`; HEAD stays, so the difference is uncommitted. */
export async function fillWorktree(
  path: string,
  content: Oid,
  index: string,
  signal?: AbortSignal,
): Promise<void> {
  const timeoutMs = CHECKOUT_TIMEOUT_MS;
  await runGit(path, ["read-tree", "--reset", "-u", content], { signal, timeoutMs });
  await runGit(path, ["read-tree", index], { signal, timeoutMs: WRITE_TIMEOUT_MS });
  await runGit(path, ["update-index", "-q", "--refresh"], {
    signal,
    okExitCodes: [0, 1],
    timeoutMs,
  });
}
