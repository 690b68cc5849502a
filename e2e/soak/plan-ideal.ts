/** From when until when a slot takes work; milliseconds since 1970, `untilMs` without it. */
export interface OpenSpan {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The times at which one slot is open, in their order. */
export type SlotCalendar = readonly OpenSpan[];

/** A slot that is open from `fromMs` on but for what is cut out of it. */
export function openBut(fromMs: number, closed: readonly OpenSpan[]): SlotCalendar {
  const spans: OpenSpan[] = [];
  let openMs = fromMs;
  for (const gap of closed.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (gap.fromMs > openMs) spans.push({ fromMs: openMs, untilMs: gap.fromMs });
    openMs = Math.max(openMs, gap.untilMs);
  }
  return openMs === Number.POSITIVE_INFINITY
    ? spans
    : [...spans, { fromMs: openMs, untilMs: Number.POSITIVE_INFINITY }];
}

/**
 * When the last task is done if the longest is begun first, each on the slot that has it done soonest, with no time between tasks.
 * Work that a closed slot interrupts waits there and goes on. Whoever plans so knows every service time beforehand.
 */
export function scheduleLongestFirst(
  servicesMs: readonly number[],
  slots: readonly SlotCalendar[],
): number {
  const freeAtMs = slots.map(() => Number.NEGATIVE_INFINITY);
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const serviceMs of servicesMs.toSorted((a, b) => b - a)) {
    const ends = slots.map((slot, n) => endOf(slot, freeAtMs[n] ?? 0, serviceMs));
    const soonestMs = Math.min(...ends);
    freeAtMs[ends.indexOf(soonestMs)] = soonestMs;
    lastMs = Math.max(lastMs, soonestMs);
  }
  return lastMs;
}

/** Before this no plan whatever is done, one that cuts tasks in pieces and moves them included: all open slots work all the time. */
export function soonestPossible(
  servicesMs: readonly number[],
  slots: readonly SlotCalendar[],
): number {
  const longestMs = Math.max(0, ...servicesMs);
  const alone = Math.min(...slots.map((slot) => endOf(slot, Number.NEGATIVE_INFINITY, longestMs)));
  let leftMs = servicesMs.reduce((sum, each) => sum + each, 0);
  const edges = [...new Set(slots.flat().flatMap(({ fromMs, untilMs }) => [fromMs, untilMs]))]
    .filter(Number.isFinite)
    .toSorted((a, b) => a - b);
  for (const [n, edgeMs] of edges.entries()) {
    const nextMs = edges[n + 1] ?? Number.POSITIVE_INFINITY;
    const open = slots.flat().filter((span) => span.fromMs <= edgeMs && span.untilMs > edgeMs);
    if (open.length * (nextMs - edgeMs) >= leftMs && open.length > 0)
      return Math.max(alone, edgeMs + leftMs / open.length);
    if (open.length > 0) leftMs -= open.length * (nextMs - edgeMs);
  }
  return Number.POSITIVE_INFINITY;
}

/** Infinite where the slot closes for good before the work is done. */
function endOf(slot: SlotCalendar, notBeforeMs: number, workMs: number): number {
  let leftMs = workMs;
  for (const { fromMs, untilMs } of slot) {
    const beginMs = Math.max(fromMs, notBeforeMs);
    if (beginMs >= untilMs) continue;
    if (beginMs + leftMs <= untilMs) return beginMs + leftMs;
    leftMs -= untilMs - beginMs;
  }
  return Number.POSITIVE_INFINITY;
}
