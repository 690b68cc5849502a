import type { ChangeSummary } from "../../../shared/model/change-summary.ts";
import type { Oid } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { readPatch } from "../git/diff.ts";
import {
  hasCommit,
  mergeBase,
  openRepository,
  type Repository,
  resolveBranch,
} from "../git/repository.ts";
import type { EntryRecord } from "../store/store.ts";
import { summariseChange } from "./summarise-change.ts";

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
  const { from, to } = await findRange(repo, project, entry);
  return { from, to, ...(await readPatch(repo, from, to, PATCH_MAX_BYTES)) };
}

/** What its commits say and change. */
export async function readEntryChange(
  project: Project,
  entry: EntryRecord,
): Promise<ChangeSummary> {
  const repo = await openRepository(project.path);
  const { from, to } = await findRange(repo, project, entry);
  return summariseChange(repo, { base: from, head: entry.head, from, to });
}

async function findRange(
  repo: Repository,
  project: Project,
  { base, candidate, head }: EntryRecord,
): Promise<{ readonly from: Oid; readonly to: Oid }> {
  if (base !== null && candidate !== null && (await hasCommit(repo, candidate))) {
    return { from: base, to: candidate };
  }
  const target = await resolveBranch(repo, project.target);
  return { from: (await mergeBase(repo, target, head)) ?? target, to: head };
}
