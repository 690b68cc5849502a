import { basename } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import { laneAt } from "./lane-at.ts";
import { lookAtWorktree, type WorktreeLook } from "./look-at-worktree.ts";
import { pinOf } from "./pin-worktree.ts";
import { planSaving } from "./plan-saving.ts";
import { listRefs, type Repository, readRef, writeRef } from "./repository.ts";
import { saveWorktree } from "./save-worktree.ts";

/** A worker's build leaves big files behind; kept every few minutes they would fill the repository. */
export const CHECKPOINT_LIMITS = {
  fileMaxBytes: 50 * 1024 * 1024,
  totalMaxBytes: 500 * 1024 * 1024,
};
/** The newest so many of a task stay. */
const KEPT = 5;

export type Checkpoint =
  | { readonly kind: "unchanged"; readonly seen: string }
  | {
      readonly kind: "saved";
      readonly seen: string;
      readonly ref: string;
      readonly commit: Oid;
      /** Untracked files over the limits, and repositories inside the worktree. */
      readonly leftOut: readonly string[];
    };

/**
 * Keeps what a worktree holds now as a commit under `refs/switchyard/checkpoint/<task>/<number>`, unless it holds what the
 * newest one does, or nothing that its branch does not. Changes nothing in the worktree, its index or its branch.
 */
export async function checkpointWorktree(wanted: {
  readonly repo: Repository;
  readonly path: string;
  /** Names the ref; letters, digits, dashes and slashes. */
  readonly task: string;
  /** `seen` of the last answer for this worktree; then a look is enough where nothing changed. */
  readonly seen: string | null;
  readonly limits?: typeof CHECKPOINT_LIMITS;
  readonly signal?: AbortSignal;
}): Promise<Checkpoint> {
  return laneAt(wanted.path).run(() => checkpointInLane(wanted));
}

async function checkpointInLane({
  repo,
  path,
  task,
  seen,
  limits = CHECKPOINT_LIMITS,
  signal,
}: Parameters<typeof checkpointWorktree>[0]): Promise<Checkpoint> {
  const look = await lookAtWorktree(path, { signal, env: await pinOf(repo, path) });
  const unchanged = { kind: "unchanged", seen: look.fingerprint } as const;
  if (look.fingerprint === seen || look.files.length === 0) return unchanged;

  const folder = `refs/switchyard/checkpoint/${task}` as const;
  const numbers = await numbersBelow(repo, folder, signal);
  const newest = numbers.at(-1) ?? 0;
  const last = newest === 0 ? null : await readRef(repo, `${folder}/${newest}`, signal);
  const ref = `${folder}/${newest + 1}` as const;
  const leftOut = findLeftOut(look, limits);
  const commit = await saveWorktree({
    repo,
    path,
    ref,
    message: `Checkpoint of ${task}`,
    leaveOut: leftOut,
    unlessSameAs: last,
    signal,
  });
  if (commit === last) return unchanged;
  for (const old of numbers.slice(0, Math.max(0, numbers.length + 1 - KEPT)))
    await writeRef(repo, `${folder}/${old}`, null, signal);
  return { kind: "saved", seen: look.fingerprint, ref, commit, leftOut };
}

/** Lets all checkpoints of a task go. */
export async function dropCheckpoints(
  repo: Repository,
  task: string,
  signal?: AbortSignal,
): Promise<void> {
  const folder = `refs/switchyard/checkpoint/${task}` as const;
  for (const number of await numbersBelow(repo, folder, signal))
    await writeRef(repo, `${folder}/${number}`, null, signal);
}

/** The numbers of the refs below a folder, smallest first. */
export async function numbersBelow(
  repo: Repository,
  folder: string,
  signal?: AbortSignal,
): Promise<readonly number[]> {
  const names = await listRefs(repo, `${folder}/`, signal);
  return names.map((name) => Number(basename(name))).sort((a, b) => a - b);
}

function findLeftOut(look: WorktreeLook, limits: typeof CHECKPOINT_LIMITS): readonly string[] {
  const untracked = look.files.filter(({ code }) => code === "??");
  const nested = untracked.filter(isRepository).map(({ path }) => path);
  const files = untracked
    .filter((file) => !isRepository(file))
    .map(({ path, bytes }) => ({ path, bytes: bytes ?? 0 }));
  return [...nested, ...planSaving(files, limits)];
}

function isRepository({ path }: { readonly path: string }): boolean {
  return path.endsWith("/");
}
