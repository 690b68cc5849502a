import fc from "fast-check";
import { expect, test } from "vitest";
import type { UsageSample } from "../../../shared/model/usage-report.ts";
import { peakUse, planBurn, planUse } from "./plan-burn.ts";

const startMs = Date.UTC(2026, 10, 21, 9);
const HOUR_MS = 3_600_000;
const at = (minutes: number) => new Date(startMs + minutes * 60_000).toISOString();
const sample = (minutes: number, usedPercent: number, resets = 240): UsageSample => ({
  at: at(minutes),
  usedPercent,
  resetsAt: at(resets),
});

test("a rate needs five minutes of measurements, and says when the window is used up", () => {
  expect(planBurn("fiveHour", [])).toBeNull();
  expect(planBurn("fiveHour", [sample(0, 10), sample(4, 14)])).toBeNull();
  expect(planBurn("fiveHour", [sample(0, 10), sample(30, 40)])).toEqual({
    percentPerHour: 60,
    overMinutes: 30,
    runsOutAt: at(90),
  });
});

test("a window that lasts until its reset at this rate runs out at no time", () => {
  expect(planBurn("fiveHour", [sample(0, 10), sample(60, 20)])?.runsOutAt).toBeNull();
  expect(planBurn("fiveHour", [sample(0, 10), sample(60, 10)])).toMatchObject({
    percentPerHour: 0,
    runsOutAt: null,
  });
});

test("what is used up ran out when it was measured", () => {
  expect(planBurn("fiveHour", [sample(0, 90), sample(10, 100)])?.runsOutAt).toBe(at(10));
});

test("a window that began anew is measured anew, and the hour before the last does not count", () => {
  expect(planBurn("fiveHour", [sample(0, 90, 30), sample(31, 1, 331)])).toBeNull();
  const burn = planBurn("fiveHour", [sample(0, 0), sample(100, 50), sample(130, 60)]);
  expect(burn).toMatchObject({ percentPerHour: 20, overMinutes: 30 });
});

const anyStory = fc
  .array(
    fc.record({
      afterMin: fc.integer({ min: 1, max: 90 }),
      adds: fc.double({ min: 0, max: 30, noNaN: true }),
    }),
    { maxLength: 40 },
  )
  .map((steps) => {
    let minutes = 0;
    let percent = 0;
    let resets = 300;
    return steps.map(({ afterMin, adds }) => {
      minutes += afterMin;
      if (minutes >= resets) {
        resets = minutes + 300;
        percent = 0;
      }
      percent = Math.min(100, percent + adds);
      return sample(minutes, percent, resets);
    });
  });

test("a rate is never negative or endless, and what runs out does so after its measurement and before its reset", () => {
  fc.assert(
    fc.property(anyStory, fc.constantFrom("fiveHour", "sevenDay"), (samples, name) => {
      const burn = planBurn(name, samples);
      const newest = samples.at(-1);
      if (!burn || !newest) return;
      expect(burn.percentPerHour).toBeGreaterThanOrEqual(0);
      expect(Number.isFinite(burn.percentPerHour)).toBe(true);
      if (burn.runsOutAt === null) return;
      expect(burn.runsOutAt >= newest.at).toBe(true);
      expect(burn.runsOutAt < newest.resetsAt).toBe(true);
    }),
  );
});

test("what was used adds up to what the windows rose, and no span used more than all of it or less than its biggest part", () => {
  fc.assert(
    fc.property(anyStory, fc.integer({ min: 1, max: 600 }), (samples, spanMin) => {
      const uses = planUse(samples);
      const sum = uses.reduce((all, { percent }) => all + percent, 0);
      const highest = new Map<string, number>();
      for (const { resetsAt, usedPercent } of samples)
        highest.set(resetsAt, Math.max(highest.get(resetsAt) ?? 0, usedPercent));
      const rose = [...highest.values()].reduce((all, each) => all + each, 0);
      expect(sum).toBeCloseTo(rose - (samples[0]?.usedPercent ?? 0), 6);
      const peak = peakUse(uses, spanMin * 60_000);
      expect(peak).toBeLessThanOrEqual(sum + 1e-6);
      expect(peak).toBeGreaterThanOrEqual(
        Math.max(0, ...uses.map(({ percent }) => percent)) - 1e-6,
      );
      expect(peakUse(uses, 10_000 * HOUR_MS)).toBeCloseTo(sum, 6);
    }),
  );
});
