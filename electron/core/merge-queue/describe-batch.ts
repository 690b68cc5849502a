import type { EntryId } from "../../../shared/model/ids.ts";
import type { QueuePlan } from "./plan-batches.ts";

/** More than so many names are a number. */
const NAMED_MAX = 4;

type Run = QueuePlan & { readonly kind: "run" };

/** Why an entry of a batch is under check, or waits for it; null where it is alone and there is nothing to say. */
export function describeRun(
  { purpose, upTo }: Run,
  batch: readonly EntryId[],
  own: EntryId,
): string | null {
  const [first] = batch;
  switch (purpose) {
    case "whole": {
      const others = batch.filter((id) => id !== own);
      return others.length === 0 ? null : `tested together with ${nameEntries(others)}`;
    }
    case "narrow":
      if (batch.length === 1) return null;
      return `looking for the one that fails: ${upTo === 1 ? "1" : `1 to ${upTo}`} of ${batch.length}`;
    case "confirm":
      return own === first
        ? "its checks fail; they are run once more before it is returned"
        : `waits while the checks of ${first} are run once more`;
  }
}

/** Why an entry waits in its place that has passed. */
export const PASSED = "its checks passed; it goes on when the queue does";

/** `held`: what the person's checkout keeps from landing, beneath all; `ahead`: what would land between. */
export function deferredReason(held: readonly EntryId[], ahead: readonly EntryId[]): string {
  if (held.length === 0)
    return `does not go together with what lands before it (${nameEntries(ahead)}); it is tried again after that`;
  const others = ahead.length === 0 ? "" : `, or with ${nameEntries(ahead)}`;
  return `does not go together with what your checkout holds back (${nameEntries(held)})${others}; it is tried again once that has landed`;
}

/** Why one waits that fails on top of work which the person's checkout holds. */
export function asideReason(held: readonly EntryId[]): string {
  return `its checks fail on top of what your checkout holds back (${nameEntries(held)}); it is tested again once that has landed`;
}

/** `q-4`, `q-4 and q-5`, `q-4, q-5 and q-6`, `7 others`. */
export function nameEntries(ids: readonly EntryId[]): string {
  if (ids.length > NAMED_MAX) return `${ids.length} others`;
  const last = ids.at(-1) ?? "";
  return ids.length < 2 ? last : `${ids.slice(0, -1).join(", ")} and ${last}`;
}
