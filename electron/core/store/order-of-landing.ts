import type { EntryRecord } from "./store.ts";

/** So long waiting is worth one step of priority. */
const STEP_MS = 30 * 60_000;

type Placed = Pick<EntryRecord, "priority" | "rank" | "waitsFrom" | "hotfixAt">;

/**
 * Hot fixes first, as they were made one. Then by priority, where half an hour of waiting counts as one step, so that nobody waits for ever; among equals by rank. It does not
 * depend on what time it is: all grow older alike.
 */
export function orderOfLanding<T extends Placed>(entries: readonly T[]): readonly T[] {
  return entries.toSorted(
    (a, b) => compareHotfix(a, b) || turnOf(a) - turnOf(b) || a.rank - b.rank,
  );
}

function compareHotfix({ hotfixAt: a }: Placed, { hotfixAt: b }: Placed): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a < b ? -1 : Number(a > b);
}

function turnOf({ priority, waitsFrom }: Placed): number {
  return Date.parse(waitsFrom) + priority * STEP_MS;
}
