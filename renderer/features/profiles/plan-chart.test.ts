import { expect, test } from "vitest";
import { planLines, planPeaks } from "./plan-chart.ts";

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 21, 9, minutes)).toISOString();
const sample = (minutes: number, usedPercent: number, resets = 300) => ({
  at: at(minutes),
  usedPercent,
  resetsAt: at(resets),
});
const [from, to] = [Date.parse(at(0)), Date.parse(at(100))];

test("a window that began anew begins a line of its own", () => {
  expect(planLines([sample(0, 50, 20), sample(10, 120, 20), sample(50, 5)], from, to)).toEqual([
    [
      { x: 0, y: 0.5 },
      { x: 0.1, y: 1 },
    ],
    [{ x: 0.5, y: 0.05 }],
  ]);
});

test("what lies outside of the span is not drawn", () => {
  expect(planLines([sample(-1, 50), sample(101, 60)], from, to)).toEqual([]);
});

test("each part of the span tells its peak, and what was not measured as that", () => {
  const samples = [sample(1, 10), sample(20, 40.4), sample(100, 90), sample(101, 99)];
  expect(planPeaks(samples, from, to, 4)).toEqual([40, null, null, 90]);
});
