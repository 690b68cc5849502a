import type { Oid } from "../../../../shared/model/ids.ts";
import { mergeWithConflicts } from "../../git/conflict.ts";
import { changedFiles } from "../../git/diff.ts";
import { readFileAt } from "../../git/read-file-at.ts";
import { isAncestor, mergeBase, type Repository } from "../../git/repository.ts";
import { guardResolution, type ResolvedFile } from "./guard-resolution.ts";

/** Longer files are no source that somebody wrote. */
const TEXT_MAX_BYTES = 2 * 1024 * 1024;
const NAMED_MAX = 30;

export interface ResolutionToJudge {
  readonly repo: Repository;
  /** One whose merge attributes count. */
  readonly folder: string;
  readonly target: { readonly name: string; readonly oid: Oid };
  /** What was queued. */
  readonly head: Oid;
  readonly result: Oid;
  /** Paths beside the conflicted ones that it says it had to change. */
  readonly named: ReadonlySet<string>;
  readonly signal?: AbortSignal;
}

/** Why a resolution is not taken, as whoever made it is told; null where it may be tested and land. */
export async function judgeResolution(judged: ResolutionToJudge): Promise<string | null> {
  const { repo, folder, target, head, result, named, signal } = judged;
  if (!(await isAncestor(repo, head, result, signal))) {
    return `the commit ${head} is no longer in your branch. Begin again from it, and merge ${target.name} into it without rebasing or squashing`;
  }
  const open = (await mergeWithConflicts(folder, target.oid, result, signal)).conflicts;
  if (open.length > 0) {
    const files = open.map(({ path }) => path).join(", ");
    return `it still conflicts with ${target.name}, which is now at ${target.oid}, in ${files}. Merge it once more`;
  }
  const merged = await mergeBase(repo, target.oid, result, signal);
  if (merged === null) return `it has nothing in common with ${target.name}`;
  const { tree, conflicts } = await mergeWithConflicts(folder, merged, head, signal);
  const conflicted = new Set(conflicts.map(({ path }) => path));
  const changed = await changedFiles(repo, tree, result, signal);
  const paths = [...new Set([...conflicted, ...changed.map(({ path }) => path)])];
  const base = await mergeBase(repo, merged, head, signal);
  const read = async (commit: Oid | null, path: string) =>
    commit === null ? null : readFileAt(repo, commit, path, TEXT_MAX_BYTES);
  const files: ResolvedFile[] = [];
  for (const path of paths) {
    signal?.throwIfAborted();
    files.push({
      path,
      base: await read(base, path),
      target: await read(merged, path),
      branch: await read(head, path),
      result: await read(result, path),
    });
  }
  const refusals = guardResolution({ conflicted, named, files });
  if (refusals.length === 0) return null;
  const lines = refusals.slice(0, NAMED_MAX).map(({ path, why }) => `- ${path} ${why}`);
  const more = refusals.length > NAMED_MAX ? [`- and ${refusals.length - NAMED_MAX} more`] : [];
  return ["of what it does to these files:", ...lines, ...more].join("\n");
}
