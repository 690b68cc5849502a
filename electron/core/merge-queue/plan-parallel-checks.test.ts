import fc from "fast-check";
import { expect, test } from "vitest";
import { describeParallelChecks } from "../../../shared/model/parallel-checks.ts";
import {
  type CheckMachine,
  type ParallelView,
  planParallelChecks,
  RUNS_MIN,
  type TimedRun,
} from "./plan-parallel-checks.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const DAY_MS = 24 * 60 * 60_000;
const calm: CheckMachine = {
  cores: 4,
  loadPerCore: 0.4,
  freeMemoryMb: 8_000,
  power: "mains",
  slots: null,
  slotsHeld: 0,
};
const big = { cores: 8 };

/** `alone`, `two` and `four`: in seconds; together they share all of it. */
function runsOf(times: Partial<Record<"alone" | "two" | "four", readonly number[]>>, ageMs = 0) {
  const at = new Date(now.getTime() - ageMs).toISOString();
  const kinds = { alone: 1, two: 2, four: 4 };
  return (["alone", "two", "four"] as const).flatMap((kind) =>
    (times[kind] ?? []).map((seconds): TimedRun => {
      const tookMs = seconds * 1_000;
      return { atOnce: kinds[kind], tookMs, sharedMs: kind === "alone" ? 0 : tookMs, at };
    }),
  );
}

function check(runs: readonly TimedRun[], machine: Partial<CheckMachine>, says: string) {
  const view: ParallelView = { runs, machine: { ...calm, ...machine }, now };
  expect(describeParallelChecks(planParallelChecks(view))).toBe(says);
}

const alone = [10, 10, 11];

test("two are tried once three runs alone are timed, and kept when they slow each other down to 1.3 at most", () => {
  check([], {}, "1 at a time: two are tried after 3 green runs; 0 so far");
  check(runsOf({ alone: [10, 10] }), {}, "1 at a time: two are tried after 3 green runs; 2 so far");
  check(runsOf({ alone }), {}, "2 at a time: a trial, 0 of 3 runs timed");
  check(runsOf({ alone, two: [11, 12] }), {}, "2 at a time: a trial, 2 of 3 runs timed");
  check(runsOf({ alone, two: [11, 11.2, 12] }), {}, "2 at a time: measured 1.12x");
  check(runsOf({ alone, two: [13, 13, 13] }), {}, "2 at a time: measured 1.3x");
  check(runsOf({ alone, two: [13.1, 18, 19] }), {}, "1 at a time: two at once take 1.8x as long");
});

test("a run that was alone for a part of its time is judged by the rest", () => {
  const half = { atOnce: 2, tookMs: 15_000, sharedMs: 10_000, at: now.toISOString() };
  const more = [half, half, half];
  check([...runsOf({ alone }), ...more], {}, "1 at a time: two at once take 2.0x as long");
  const hardly = more.map((run) => ({ ...run, sharedMs: 4_900 }));
  check([...runsOf({ alone }), ...hardly], {}, "2 at a time: a trial, 0 of 3 runs timed");
});

test("checks that wait for each other take twice as long, though nothing is slower while it runs", () => {
  const waited = { atOnce: 2, tookMs: 20_000, sharedMs: 9_000, at: now.toISOString() };
  const runs = [...runsOf({ alone }), waited, waited, waited];
  check(runs, {}, "1 at a time: two at once take 2.0x as long");
});

test.each<[Partial<CheckMachine>, string]>([
  [{ cores: 1 }, "the machine has one core"],
  [{ slots: 1 }, "there is one build slot"],
  [{ power: "battery" }, "the machine runs on battery"],
  [{ power: "saving" }, "the machine saves power"],
  [{ freeMemoryMb: 900 }, "little memory is free"],
  [{ loadPerCore: 1.6 }, "the machine is busy"],
  [{ slotsHeld: 1 }, "others hold the build slots"],
  [{ slots: 3, slotsHeld: 2 }, "others hold the build slots"],
])("neither a trial nor what was measured counts while the machine is like %j", (machine, why) => {
  check(runsOf({ alone, two: [10, 10, 10] }), machine, `1 at a time: ${why}`);
  check(runsOf({ alone }), machine, `1 at a time: ${why}`);
});

test("a trial wants a calmer machine than what is known to work", () => {
  const load = { loadPerCore: 1.2 };
  check(runsOf({ alone }), load, "1 at a time: the machine is busy");
  check(runsOf({ alone, two: [10, 10, 10] }), load, "2 at a time: measured 1.0x");
});

test("what a system does not tell keeps nothing back", () => {
  const unknown = { loadPerCore: null, freeMemoryMb: null };
  check(runsOf({ alone }), unknown, "2 at a time: a trial, 0 of 3 runs timed");
});

test("four are tried where two are hardly felt and there are eight cores, and kept by their own measurement", () => {
  const two = [11, 11, 11.5];
  check(runsOf({ alone, two }), {}, "2 at a time: measured 1.1x");
  check(runsOf({ alone, two }), big, "4 at a time: a trial, 0 of 3 runs timed");
  check(runsOf({ alone, two, four: [12, 12, 12] }), big, "4 at a time: measured 1.2x");
  const slow = runsOf({ alone, two, four: [16, 16, 16] });
  check(slow, big, "2 at a time: measured 1.1x; not 4: four at once take 1.6x as long");
  check(runsOf({ alone, two: [12, 12, 12] }), big, "2 at a time: measured 1.2x");
  const busy = { ...big, slotsHeld: 1 };
  check(
    runsOf({ alone, two }),
    busy,
    "2 at a time: measured 1.1x; not 4: others hold the build slots",
  );
  const few = { ...big, slots: 3 };
  check(runsOf({ alone, two }), few, "2 at a time: measured 1.1x; not 4: there are 3 build slots");
});

test("a check whose time varies wildly by itself is compared with nothing, and one odd run moves nothing", () => {
  const wild = runsOf({ alone: [1, 10, 40, 3, 90], two: [5, 5, 5] });
  check(wild, {}, "1 at a time: what they take alone varies too much to compare");
  const odd = runsOf({ alone: [10, 10, 300], two: [11, 11, 500] });
  check(odd, {}, "2 at a time: measured 1.1x");
});

test("after fourteen days it is measured again, and the newest ten runs of a kind count", () => {
  const slow = runsOf({ two: [18, 18, 18] }, 13.9 * DAY_MS);
  check([...slow, ...runsOf({ alone })], {}, "1 at a time: two at once take 1.8x as long");
  const old = runsOf({ two: [18, 18, 18] }, 14 * DAY_MS);
  check([...old, ...runsOf({ alone })], {}, "2 at a time: a trial, 0 of 3 runs timed");
  const grown = runsOf({ alone: [...Array(20).fill(1), ...Array(10).fill(10)], two: [11, 11, 11] });
  check(grown, {}, "2 at a time: measured 1.1x");
});

test("what was timed before the clock was set back counts for nothing, and does not last beyond its days", () => {
  const ahead = runsOf({ alone, two: [18, 18, 18] }, -365 * DAY_MS);
  check(ahead, {}, "1 at a time: two are tried after 3 green runs; 0 so far");
  check([...ahead, ...runsOf({ alone })], {}, "2 at a time: a trial, 0 of 3 runs timed");
});

const machines = fc.record({
  cores: fc.integer({ min: 1, max: 16 }),
  loadPerCore: fc.option(fc.double({ min: 0, max: 3, noNaN: true })),
  freeMemoryMb: fc.option(fc.integer({ min: 0, max: 9_000 })),
  power: fc.constantFrom("mains" as const, "battery" as const, "saving" as const),
  slots: fc.option(fc.integer({ min: 1, max: 8 })),
  slotsHeld: fc.integer({ min: 0, max: 8 }),
});
const anyRun = fc
  .record({
    atOnce: fc.constantFrom(1, 2, 3, 4),
    tookMs: fc.integer({ min: 0, max: 100_000 }),
    shared: fc.double({ min: 0, max: 1, noNaN: true }),
    ageMs: fc.integer({ min: -DAY_MS, max: 20 * DAY_MS }),
  })
  .map(({ shared, ageMs, ...run }): TimedRun => {
    const at = new Date(now.getTime() - ageMs).toISOString();
    return { ...run, sharedMs: Math.round(run.tookMs * shared), at };
  });

test("whatever was timed: more than one only with three runs alone, mains, memory and slots; four only on eight cores", () => {
  fc.assert(
    fc.property(fc.array(anyRun, { maxLength: 40 }), machines, (runs, machine) => {
      const { atOnce, why } = planParallelChecks({ runs, machine, now });
      expect([1, 2, 4]).toContain(atOnce);
      expect(why).not.toMatch(/NaN|Infinity|undefined/);
      if (atOnce === 1) return;
      expect(machine.power).toBe("mains");
      expect(machine.freeMemoryMb ?? 9_000).toBeGreaterThan(1_000 * (atOnce - 1));
      expect(machine.cores).toBeGreaterThanOrEqual(atOnce * 2 - (atOnce === 2 ? 2 : 0));
      expect((machine.slots ?? 8) - machine.slotsHeld).toBeGreaterThanOrEqual(atOnce);
      expect(runs.filter((run) => run.atOnce === 1).length).toBeGreaterThanOrEqual(RUNS_MIN);
      if (atOnce === 4)
        expect(runs.filter((run) => run.atOnce === 2).length).toBeGreaterThanOrEqual(RUNS_MIN);
    }),
    { numRuns: 2_000 },
  );
});

/** A world in which runs together are so much slower than one alone, give or take a tenth. */
test("in a world with a slowdown of its own it ends where that belongs, after at most three runs too many", () => {
  const worlds = fc.record({
    slowdown: fc.double({ min: 1, max: 3, noNaN: true }),
    aloneMs: fc.integer({ min: 500, max: 600_000 }),
    rounds: fc.array(
      fc.record({
        noise: fc.double({ min: 0.9, max: 1.1, noNaN: true }),
        part: fc.double({ min: 0.5, max: 1, noNaN: true }),
      }),
      { minLength: 30, maxLength: 40 },
    ),
  });
  fc.assert(
    fc.property(worlds, ({ slowdown, aloneMs, rounds }) => {
      const runs: TimedRun[] = [];
      let plan = planParallelChecks({ runs, machine: calm, now });
      for (const { noise, part } of rounds) {
        const workMs = aloneMs * noise;
        // `part` of the work is done beside another.
        const sharedMs = plan.atOnce === 1 ? 0 : workMs * part * slowdown;
        const tookMs = plan.atOnce === 1 ? workMs : sharedMs + workMs * (1 - part);
        runs.push({ atOnce: plan.atOnce, tookMs, sharedMs, at: now.toISOString() });
        plan = planParallelChecks({ runs, machine: calm, now });
      }
      const together = runs.filter(({ atOnce }) => atOnce > 1).length;
      // Between the two the noise decides.
      if (slowdown < 1.05) expect(plan.atOnce).toBe(2);
      if (slowdown > 1.7) expect([plan.atOnce, together <= RUNS_MIN]).toEqual([1, true]);
    }),
    { numRuns: 500 },
  );
});
