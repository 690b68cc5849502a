import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import { type CandidateRequest, commitTree } from "./candidate.ts";
import { mergeTree } from "./merge-tree.ts";
import { type Repository, readStatus, treeOf } from "./repository.ts";
import { CHECKOUT_TIMEOUT_MS, runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";
import { addWorktree, findWorktree, headOf, isUsable, removeWorktree } from "./worktree.ts";

export interface HandPlace {
  readonly repo: Repository;
  readonly path: string;
}

/** Conflicts of one file as `git status` writes them. */
const UNMERGED = ["DD", "AU", "UD", "UA", "DU", "AA", "UU"];

/**
 * A worktree at `head` in which the merge with `target` has stopped at its conflicts, with the lines that both sides began from. One that is
 * there already is left as it is, because a person may have worked in it.
 */
export async function openHandResolution(
  place: HandPlace,
  sides: { readonly head: Oid; readonly target: Oid },
): Promise<void> {
  const { repo, path } = place;
  const known = await findWorktree(repo, path);
  if (known && isUsable(known) && (await hasBegun(path, sides.head))) return;
  const reason = "switchyard: a conflict is resolved here by hand";
  await addWorktree({ repo, path, branch: null, from: sides.head, reason });
  await runGit(
    path,
    [
      "-c",
      "merge.conflictStyle=zdiff3",
      "-c",
      "commit.gpgSign=false",
      "merge",
      "--no-ff",
      "--no-commit",
      "--no-rerere-autoupdate",
      sides.target,
    ],
    { okExitCodes: [0, 1], timeoutMs: CHECKOUT_TIMEOUT_MS },
  );
}

async function hasBegun(path: string, head: Oid): Promise<boolean> {
  return (await mergedIn(path)) !== null || (await headOf(path)) !== head;
}

/** The commit that is being merged in a worktree; null where none is. */
async function mergedIn(path: string): Promise<Oid | null> {
  const args = ["rev-parse", "--verify", "-q", "MERGE_HEAD"];
  const asked = await runGit(path, args, { okExitCodes: [0, 1] });
  return asked.exitCode === 0 ? asked.stdout.trim() : null;
}

export type HandOutcome =
  | { readonly kind: "made"; readonly commit: Oid }
  | { readonly kind: "nothing-open" }
  | { readonly kind: "unmerged"; readonly files: readonly string[] }
  | { readonly kind: "uncommitted"; readonly files: readonly string[] };

/** What the person made there: their own commit, or what they added, committed as the merge that was under way. The worktree stays. */
export async function takeHandResolution(
  { repo, path }: HandPlace,
  { fallback }: Pick<CandidateRequest, "fallback">,
): Promise<HandOutcome> {
  const known = await findWorktree(repo, path);
  if (!known || !isUsable(known)) return { kind: "nothing-open" };
  const status = await readStatus(path, "all");
  const pick = (isWanted: (code: string) => boolean) =>
    status.filter(({ code }) => isWanted(code)).map((file) => file.path);
  const unmerged = pick((code) => UNMERGED.includes(code));
  if (unmerged.length > 0) return { kind: "unmerged", files: unmerged };
  const merged = await mergedIn(path);
  const left = merged === null ? pick(() => true) : pick((code) => code[1] !== " ");
  if (left.length > 0) return { kind: "uncommitted", files: left };
  const head = await headOf(path);
  if (merged === null) return { kind: "made", commit: head };
  const written = await runGit(path, ["write-tree"], { timeoutMs: WRITE_TIMEOUT_MS });
  const as = { repo, fallback };
  const message = "Merge the target, conflicts resolved by hand";
  const commit = await commitTree(as, written.stdout.trim(), [head, merged], message);
  return { kind: "made", commit };
}

/**
 * Whether nothing is lost with the worktree: it is as `openHandResolution` made it, or one of these commits has all that is in it but
 * ignored files. False where that cannot be told.
 */
export async function isSpareHand(
  { repo, path }: HandPlace,
  head: Oid,
  kept: readonly Oid[],
): Promise<boolean> {
  const known = await findWorktree(repo, path);
  if (!known || !isUsable(known)) return false;
  const at = await headOf(path);
  if (at !== head && !kept.includes(at)) return false;
  const merged = await mergedIn(path);
  const begun = merged === null ? await treeOf(repo, at) : await treeOfMerge(path, merged);
  const spare = [begun];
  for (const commit of kept) spare.push(await treeOf(repo, commit));
  return spare.includes(await writeAll(path));
}

/** As git leaves it in a worktree: the names beside its marks are those it was asked with. */
async function treeOfMerge(path: string, merged: Oid): Promise<Oid> {
  const ours = "HEAD" as Oid; // It names a commit there, and git takes a name as well.
  return (await mergeTree(path, ours, merged, { markers: "zdiff3" })).tree;
}

/** A tree of all files of a worktree that are not ignored; its own index stays. */
async function writeAll(path: string): Promise<Oid> {
  const folder = await mkdtemp(join(tmpdir(), "switchyard-index-"));
  try {
    const env = { GIT_INDEX_FILE: join(folder, "index") };
    const options = { env, timeoutMs: CHECKOUT_TIMEOUT_MS };
    await runGit(path, ["read-tree", "HEAD"], options);
    await runGit(path, ["add", "--all", "--", ":/"], options);
    return (await runGit(path, ["write-tree"], options)).stdout.trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Takes it away with all that is in it. */
export async function dropHandResolution({ repo, path }: HandPlace): Promise<void> {
  if (existsSync(path)) await removeWorktree(repo, path);
}
