import { type CheckResult, hasPassed } from "../../../shared/model/check.ts";
import { EntryId, type Oid } from "../../../shared/model/ids.ts";
import { listTrailers } from "../git/list-trailers.ts";
import { mergeBase, type Repository } from "../git/repository.ts";
import type { EntryRecord, Store } from "../store/store.ts";
import { nameEntries } from "./describe-batch.ts";
import { ENTRY_TRAILER } from "./write-landing-message.ts";

/**
 * The landed entries with which one fails together: its worker has seen the very check pass on the branch alone, and
 * these are all that has landed since it began. Empty where that check never passed, or where it may be anybody's work.
 */
export async function findFailingMates(
  store: Store,
  repo: Repository,
  entry: Pick<EntryRecord, "task" | "head">,
  base: Oid,
  failed: CheckResult,
): Promise<readonly EntryId[]> {
  const checks = store.tasks.find(entry.task)?.checks ?? [];
  const passed = checks.some((each) => each.command === failed.command && hasPassed(each));
  const from = passed ? await mergeBase(repo, base, entry.head) : null;
  if (from === null) return [];
  const trailers = await listTrailers(repo, from, base, ENTRY_TRAILER);
  const landed = trailers.map((value) => EntryId.safeParse(value));
  // A commit that no entry brought is as likely to be it.
  if (!landed.every(({ success }) => success)) return [];
  return [...new Set(landed.flatMap(({ data }) => data ?? []))];
}

/** More than so many are a number. */
const MATES_NAMED_MAX = 4;

/** As the reason of what is returned names them. */
export function nameMates(mates: readonly EntryRecord["id"][]): string {
  if (mates.length < 2) return nameEntries(mates);
  const many = `the ${mates.length} that landed since it began`;
  return `one of ${mates.length > MATES_NAMED_MAX ? many : nameEntries(mates)}`;
}
