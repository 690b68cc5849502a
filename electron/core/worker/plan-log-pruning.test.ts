import fc from "fast-check";
import { expect, test } from "vitest";
import { type EndedSession, planLogPruning } from "./plan-log-pruning.ts";

const DAY_MS = 24 * 3_600_000;
const GB = 1024 ** 3;

function ended(id: string, days: number, gigabytes: number, isOfInterest = false): EndedSession {
  return { id, endedMs: -days * DAY_MS, bytes: gigabytes * GB, isOfInterest };
}

test("a log goes after thirty days, unless somebody has an interest in it", () => {
  const sessions = [ended("old", 30, 0.1), ended("pinned", 90, 0.1, true), ended("new", 29, 0.1)];
  expect(planLogPruning(0, sessions)).toEqual(["old"]);
});

test("when logs are too large together the oldest go, but none of the last day", () => {
  const sessions = [ended("today", 0.5, 4), ended("recent", 3, 1), ended("older", 9, 2)];
  expect(planLogPruning(0, sessions)).toEqual(["older"]);
  expect(planLogPruning(0, [ended("a", 0.5, 9), ended("b", 0.2, 9)])).toEqual([]);
});

test("whatever the sessions, none of interest and none of the last day loses its log", () => {
  const session = fc.record({
    id: fc.uuid(),
    endedMs: fc.integer({ min: -100 * DAY_MS, max: 0 }),
    bytes: fc.nat(3 * GB),
    isOfInterest: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(session), (sessions) => {
      const pruned = new Set(planLogPruning(0, sessions));
      for (const { id, endedMs, isOfInterest } of sessions)
        if (isOfInterest || endedMs > -DAY_MS) expect(pruned.has(id)).toBe(false);
    }),
  );
});
