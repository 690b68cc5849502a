import fc from "fast-check";
import { expect, test } from "vitest";
import { compareTimes, type Times } from "./plan-wake.ts";

const START: Times = { wallMs: Date.UTC(2026, 10, 21), monotonicMs: 1_000, uptimeMs: 90_000 };
const HOUR_MS = 3_600_000;

/** What happens between two looks, each part in milliseconds. */
function check(
  world: { readonly runs: number; readonly sleeps?: number; readonly jumps?: number },
  step: { readonly sleptMs?: number; readonly jumpedMs?: number },
  isMonotonicAsleep = true,
) {
  const { runs, sleeps = 0, jumps = 0 } = world;
  const now = {
    wallMs: START.wallMs + runs + sleeps + jumps,
    monotonicMs: START.monotonicMs + runs + (isMonotonicAsleep ? 0 : sleeps),
    uptimeMs: START.uptimeMs + runs + sleeps,
  };
  expect(compareTimes(START, now, 5_000)).toEqual({ sleptMs: 0, jumpedMs: 0, ...step });
}

test("time that passes is nothing", () => check({ runs: 5_000 }, {}));
test("a busy machine has not slept", () => check({ runs: 20_000 }, {}));
test("eight hours of sleep are sleep, and no jump", () =>
  check({ runs: 5_000, sleeps: 8 * HOUR_MS }, { sleptMs: 8 * HOUR_MS }));
test("so they are where the monotonic clock goes on meanwhile", () =>
  check({ runs: 5_000, sleeps: 8 * HOUR_MS }, { sleptMs: 8 * HOUR_MS }, false));
test("ten minutes frozen are told like sleep", () =>
  check({ runs: 605_000 }, { sleptMs: 600_000 }));
test("a clock set two hours ahead has jumped", () =>
  check({ runs: 5_000, jumps: 2 * HOUR_MS }, { jumpedMs: 2 * HOUR_MS }));
test("a clock set back to 1970 has jumped", () =>
  check({ runs: 5_000, jumps: -START.wallMs }, { jumpedMs: -START.wallMs }));
test("a clock set during sleep is told apart from the sleep", () =>
  check(
    { runs: 5_000, sleeps: HOUR_MS, jumps: -2 * HOUR_MS },
    { sleptMs: HOUR_MS, jumpedMs: -2 * HOUR_MS },
  ));

test("whatever happened, the jump is what is left of the wall clock without the time that passed", () => {
  const anyMs = fc.integer({ min: 0, max: 24 * HOUR_MS });
  fc.assert(
    fc.property(
      anyMs,
      anyMs,
      fc.integer({ min: -HOUR_MS, max: HOUR_MS }),
      (runs, sleeps, jumps) => {
        const passed = runs + sleeps;
        const now = {
          wallMs: START.wallMs + passed + jumps,
          monotonicMs: START.monotonicMs + runs,
          uptimeMs: START.uptimeMs + passed,
        };
        const { jumpedMs } = compareTimes(START, now, null);
        expect(jumpedMs).toBe(Math.abs(jumps) < 2_000 ? 0 : jumps);
      },
    ),
  );
});
