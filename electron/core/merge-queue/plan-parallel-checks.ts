import type { Instant } from "../../../shared/model/ids.ts";
import type { ParallelChecks } from "../../../shared/model/parallel-checks.ts";

/**
 * A green run of all checks of a project, by what those checks took; waits for build slots are no part of it. Of runs that were begun
 * together it is the slowest, because all of them are waited for: where one waits for the other, the other alone shows nothing.
 */
export interface TimedRun {
  /** How many runs were begun together, this one counted. */
  readonly atOnce: number;
  readonly tookMs: number;
  /** For how much of that another of them ran: the mean over the others, and never more than `tookMs`. */
  readonly sharedMs: number;
  readonly at: Instant;
}

/** What the machine has for another run. Null: not known here, and so nothing waits for it. */
export interface CheckMachine {
  readonly cores: number;
  /** Programs that want to run, a core, over the last minute. */
  readonly loadPerCore: number | null;
  readonly freeMemoryMb: number | null;
  readonly power: "mains" | "battery" | "saving";
  /** What a person gave the build lock; null: nobody said, and it grows with the runs. */
  readonly slots: number | null;
  /** Build slots that others hold. */
  readonly slotsHeld: number;
}

/** Runs of one set of checks, the newest last. */
export interface ParallelView {
  readonly runs: readonly TimedRun[];
  readonly machine: CheckMachine;
  readonly now: Date;
}

/** Fewer have no middle that one odd run cannot move. */
export const RUNS_MIN = 3;
/** The newest of each kind; older ones are of a repository that has grown since. */
const RUNS_COUNTED = 10;
const DAY_MS = 24 * 60 * 60_000;
const RUN_MAX_AGE_MS = 14 * DAY_MS;
/**
 * Two runs that cut a red batch in three find the one that fails in log 2 / log 3 = 0.63 of the steps, so beyond 1.58 times a run
 * alone they lose; up to 1.3 what a measurement is off by does not turn that around.
 */
const SLOWDOWN_MAX = 1.3;
/** Four cut in five: 0.68 of the steps that two need. Tried only where two are hardly felt and each has two cores. */
const FOUR_AFTER_SLOWDOWN = 1.15;
const FOUR_CORES_MIN = 8;
/** A run that is off by so much, half of the time and by itself, tells nothing about 1.3. */
const SPREAD_MAX = 0.3;
/** Of a run alone: what shared less was for the most part one alone itself. */
const SHARED_MIN = 0.5;
/** Each core has its program already. */
const TRIAL_LOAD_MAX = 1;
/** What is kept brings about 1.3 itself; more is somebody else's. */
const LOAD_MAX = 1.5;
/** About four workers of a test runner. Chosen, not measured: below it a system soon pushes memory out to disk. */
const FREE_MEMORY_MB = 1_024;

/**
 * How many runs of checks go on beside each other while the one that fails is looked for.
 *
 * Invariants: one, unless three runs alone are known and the machine is idle enough, on mains, and has the slots; two, until two
 * were measured; four at most. What is measured is kept by nobody but the runs: as they grow old it is measured again.
 */
export function planParallelChecks(view: ParallelView): ParallelChecks {
  const { machine } = view;
  if (machine.cores < 2) return one("the machine has one core");
  if (machine.slots === 1) return one("there is one build slot");
  const runs = listCounting(view);
  const alone = newest(runs.filter(({ atOnce }) => atOnce === 1)).map(({ tookMs }) => tookMs);
  if (alone.length < RUNS_MIN)
    return one(`two are tried after ${RUNS_MIN} green runs; ${alone.length} so far`);
  const aloneMs = median(alone);
  if (median(alone.map((ms) => Math.abs(ms - aloneMs))) > SPREAD_MAX * aloneMs)
    return one("what they take alone varies too much to compare");

  const slowdown = (atOnce: number) => measure(runs, atOnce, aloneMs);
  const two = slowdown(2);
  if (isTooSlow(two)) return one(`two at once take ${times(two)} as long`);
  const hindered = findHindrance(machine, 2, two);
  if (hindered !== null) return one(hindered);
  if (two.value === null) return { atOnce: 2, why: trial(two) };
  const measured = `measured ${times(two)}`;
  if (machine.cores < FOUR_CORES_MIN || two.value > FOUR_AFTER_SLOWDOWN)
    return { atOnce: 2, why: measured };

  const four = slowdown(4);
  const hindrance = isTooSlow(four)
    ? `four at once take ${times(four)} as long`
    : findHindrance(machine, 4, four);
  if (hindrance !== null) return { atOnce: 2, why: `${measured}; not 4: ${hindrance}` };
  return { atOnce: 4, why: four.value === null ? trial(four) : `measured ${times(four)}` };
}

/** How many times as long a run takes among so many; null while too few are known. */
interface Slowdown {
  readonly value: number | null;
  readonly runs: number;
}

/** What was timed by a clock that was set back since is not counted until that time has come again, and no older run is. */
function listCounting({ runs, now }: ParallelView): readonly TimedRun[] {
  return runs.filter(({ at, tookMs }) => {
    const ageMs = now.getTime() - Date.parse(at);
    return ageMs >= 0 && ageMs < RUN_MAX_AGE_MS && tookMs > 0;
  });
}

function newest(runs: readonly TimedRun[]): readonly TimedRun[] {
  return runs.slice(-RUNS_COUNTED);
}

function measure(runs: readonly TimedRun[], atOnce: number, aloneMs: number): Slowdown {
  const isTold = (run: TimedRun) => run.atOnce === atOnce && run.sharedMs >= SHARED_MIN * aloneMs;
  const all = newest(runs.filter(isTold)).map((run) => compare(run, aloneMs));
  return { value: all.length < RUNS_MIN ? null : median(all), runs: all.length };
}

/** What it did while it was alone went at the speed of a run alone; the rest of its work took the time that it shared. */
function compare({ tookMs, sharedMs }: TimedRun, aloneMs: number): number {
  const workMs = aloneMs - (tookMs - sharedMs);
  return workMs > 0 ? sharedMs / workMs : tookMs / aloneMs;
}

/** What keeps so many from being run just now. Not yet measured, they want a calmer machine. */
function findHindrance(
  { cores, loadPerCore, freeMemoryMb, power, slots, slotsHeld }: CheckMachine,
  atOnce: number,
  { value }: Slowdown,
): string | null {
  if (power === "battery") return "the machine runs on battery";
  if (power === "saving") return "the machine saves power";
  if (loadPerCore !== null && loadPerCore >= (value === null ? TRIAL_LOAD_MAX : LOAD_MAX))
    return "the machine is busy";
  if (freeMemoryMb !== null && freeMemoryMb < FREE_MEMORY_MB * (atOnce - 1))
    return "little memory is free";
  const most = slots ?? Math.max(atOnce, Math.floor(cores / 2));
  if (most < atOnce) return `there are ${most} build slots`;
  return most - slotsHeld < atOnce ? "others hold the build slots" : null;
}

function isTooSlow({ value }: Slowdown): boolean {
  return value !== null && value > SLOWDOWN_MAX;
}

function one(why: string): ParallelChecks {
  return { atOnce: 1, why };
}

function trial({ runs }: Slowdown): string {
  return `a trial, ${runs} of ${RUNS_MIN} runs timed`;
}

function times({ value }: Slowdown): string {
  return `${(value ?? 1).toFixed(2).replace(/0$/, "")}x`;
}

/** The one below the middle of an even number: a time that was taken and no mean of two. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? 0;
}
