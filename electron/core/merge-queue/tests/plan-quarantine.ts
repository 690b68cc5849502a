import type { Instant } from "../../../../shared/model/ids.ts";

/** Of so many runs of its check a test may flip fewer than so many times; then it is quarantined for so long. */
export const FLIPS_MAX = 3;
const RUNS_REMEMBERED = 50;
const QUARANTINE_MS = 14 * 24 * 60 * 60_000;
/** Beyond this share it is the tests that are wrong, not a test. */
const SHARE_MAX = 0.02;

/** What is known of one test that flipped. */
export interface Health {
  readonly test: string;
  /** The numbers of the runs of its check in which it flipped, oldest first. */
  readonly flips: readonly number[];
  readonly quarantinedAt: Instant | null;
  readonly quarantinedUntil: Instant | null;
}

export interface QuarantinePlan {
  /** Those that changed. */
  readonly changed: readonly Health[];
  /** Quarantined from now on. */
  readonly begun: readonly string[];
  /** They should be, and there are too many already. */
  readonly refused: readonly string[];
}

/** How many tests may be quarantined at once, of so many that are known to run. */
export function quarantineMax(known: number): number {
  return Math.max(1, Math.floor(known * SHARE_MAX));
}

export function isQuarantined({ quarantinedUntil }: Health, now: Instant): boolean {
  return quarantinedUntil !== null && quarantinedUntil > now;
}

/** How often it has flipped of late. */
export function recentFlips({ flips }: Pick<Health, "flips">, run: number): number {
  return flips.filter((each) => each > run - RUNS_REMEMBERED).length;
}

/**
 * Takes one more run of a check into account. Invariants: never more are quarantined than may be at once, and only what flipped at
 * this run begins to be, after three flips in fifty runs.
 */
export function planQuarantine(told: {
  /** The number of this run. */
  readonly run: number;
  /** How many tests of the project are known. */
  readonly known: number;
  /** How many of them are quarantined now, of whatever check. */
  readonly quarantined: number;
  /** Those of this check that flipped before. */
  readonly healths: readonly Health[];
  readonly flipped: readonly string[];
  readonly now: Date;
}): QuarantinePlan {
  const { run, healths, now } = told;
  const at = now.toISOString();
  const until = new Date(now.getTime() + QUARANTINE_MS).toISOString();
  const changed: Health[] = [];
  const begun: string[] = [];
  const refused: string[] = [];
  for (const test of new Set(told.flipped)) {
    const before = healths.find((each) => each.test === test) ?? newHealth(test);
    const recent = before.flips.filter((each) => each > run - RUNS_REMEMBERED && each !== run);
    const flips = [...recent, run];
    const isDue = flips.length >= FLIPS_MAX && !isQuarantined(before, at);
    const hasRoom = told.quarantined + begun.length < quarantineMax(told.known);
    if (isDue) (hasRoom ? begun : refused).push(test);
    const term = { quarantinedAt: at, quarantinedUntil: until };
    changed.push({ ...before, flips, ...(isDue && hasRoom ? term : {}) });
  }
  return { changed, begun, refused };
}

function newHealth(test: string): Health {
  return { test, flips: [], quarantinedAt: null, quarantinedUntil: null };
}
