/** What the machine's clocks say at one moment, in milliseconds. */
export interface Times {
  /** The wall clock: it can be set. */
  readonly wallMs: number;
  /** Never jumps; on some systems it stands still while the machine sleeps. */
  readonly monotonicMs: number;
  /** Since the machine was started, sleep included where the system tells. */
  readonly uptimeMs: number;
}

export interface TimeStep {
  /** How long nothing ran: the machine slept, or all of us was frozen. 0 when it did not. */
  readonly sleptMs: number;
  /** By how much the wall clock was set, forward or back. 0 when it was not. */
  readonly jumpedMs: number;
}

/** A look that is late by less than this is a busy machine, not one that slept. */
const SLEPT_MIN_MS = 30_000;
/** What time servers correct little by little, and what the coarser clocks are off by, stays below. */
const JUMPED_MIN_MS = 2_000;

/**
 * What happened between two looks that were to be `everyMs` apart; null: looks come at no fixed time, and sleep is not told. A sleep
 * moves the wall clock and the uptime together; only what the wall clock moved beyond that was set.
 */
export function compareTimes(before: Times, now: Times, everyMs: number | null): TimeStep {
  const passedMs = Math.max(now.monotonicMs - before.monotonicMs, now.uptimeMs - before.uptimeMs);
  const lateMs = everyMs === null ? 0 : passedMs - everyMs;
  const offMs = now.wallMs - before.wallMs - passedMs;
  return {
    sleptMs: lateMs >= SLEPT_MIN_MS ? Math.round(lateMs) : 0,
    jumpedMs: Math.abs(offMs) >= JUMPED_MIN_MS ? Math.round(offMs) : 0,
  };
}
