import type { Oid } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { readPatch } from "../git/diff.ts";
import { hasCommit, mergeBase, openRepository, resolveBranch } from "../git/repository.ts";
import type { EntryRecord } from "../store/store.ts";

const PATCH_MAX_BYTES = 2 * 1024 * 1024;

interface EntryDiff {
  readonly from: Oid;
  readonly to: Oid;
  readonly patch: string;
  readonly isCut: boolean;
}

/** What would land, or has landed: the candidate against its base, else the branch against where it left the target. */
export async function readEntryDiff(project: Project, entry: EntryRecord): Promise<EntryDiff> {
  const repo = await openRepository(project.path);
  const { base, candidate, head } = entry;
  if (base !== null && candidate !== null && (await hasCommit(repo, candidate))) {
    const { patch, isCut } = await readPatch(repo, base, candidate, PATCH_MAX_BYTES);
    return { from: base, to: candidate, patch, isCut };
  }
  const target = await resolveBranch(repo, project.target);
  const from = (await mergeBase(repo, target, head)) ?? target;
  const { patch, isCut } = await readPatch(repo, from, head, PATCH_MAX_BYTES);
  return { from, to: head, patch, isCut };
}
