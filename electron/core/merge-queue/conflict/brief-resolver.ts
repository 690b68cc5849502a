import type { Check } from "../../../../shared/model/check.ts";
import { EntryId, type Oid } from "../../../../shared/model/ids.ts";
import { readConflictContext } from "../../git/conflict-context.ts";
import type { NamedGround } from "../../git/followed-target.ts";
import type { Repository } from "../../git/repository.ts";
import { findLaterCommits } from "../../git/revert.ts";
import type { EntryRecord, Store } from "../../store/store.ts";
import { ENTRY_TRAILER } from "../write-landing-message.ts";
import { type ResolverBrief, writeResolverTask } from "./write-resolver-task.ts";

const PATCH_MAX_BYTES = 64 * 1024;

export interface BriefParts {
  readonly store: Store;
  readonly repo: Repository;
  readonly entry: EntryRecord;
  readonly target: NamedGround;
  readonly checks: readonly Check[];
  /** Why an earlier resolver was not it; null for the first. */
  readonly before: string | null;
  readonly signal: AbortSignal;
}

/** Gathers what a resolver has to know of both sides. */
export async function briefResolver(parts: BriefParts): Promise<string> {
  const { store, repo, entry, target, checks, before, signal } = parts;
  const { head } = entry;
  const sides = { target: target.oid, branch: head };
  // The person's own checkout is asked for its merge attributes and nothing else.
  const context = await readConflictContext(repo, repo.root, sides, PATCH_MAX_BYTES, signal);
  const task = store.tasks.find(entry.task);
  return writeResolverTask({
    entry: entry.id,
    head,
    target,
    task: task ?? { id: entry.task, title: entry.branch, body: "" },
    landed: await listLanded(parts, context.base),
    context,
    checks,
    before,
  });
}

/** What came to the target since both began and touches files that the branch touches, newest first, with what its worker was asked for. */
async function listLanded(
  { store, repo, entry, target, signal }: BriefParts,
  base: Oid | null,
): Promise<ResolverBrief["landed"]> {
  if (base === null) return [];
  const range = { before: base, landed: entry.head };
  const later = await findLaterCommits(repo, range, target.oid, ENTRY_TRAILER, signal);
  return later.map(({ oid, subject, trailer }) => {
    const id = EntryId.safeParse(trailer).data;
    const task = id && store.entries.find(id)?.task;
    return { commit: oid, subject, task: (task && store.tasks.find(task)) ?? null };
  });
}
