import fc from "fast-check";
import { expect, test } from "vitest";
import { readWindow, type UsageWindow } from "./usage-window.ts";

const nowMs = Date.UTC(2026, 10, 21, 10);
const at = (minutes: number) => new Date(nowMs + minutes * 60_000).toISOString();
const window = (usedPercent: number, measured: number, resets: number): UsageWindow => ({
  usedPercent,
  resetsAt: at(resets),
  measuredAt: at(measured),
  source: "statusline",
});

test("a window says how it stands, how old that is, and nothing of the time after its reset", () => {
  expect(readWindow(null, "fiveHour", nowMs)).toEqual({ kind: "unmeasured" });
  expect(readWindow(window(42, -5, 60), "fiveHour", nowMs)).toEqual({
    kind: "current",
    usedPercent: 42,
    resetsInMs: 3_600_000,
    ageMs: 300_000,
    confidence: "high",
  });
  expect(readWindow(window(42, -30, 60), "fiveHour", nowMs)).toMatchObject({
    confidence: "medium",
  });
  expect(readWindow(window(42, -90, 60), "fiveHour", nowMs)).toMatchObject({ confidence: "low" });
  expect(readWindow(window(42, -60, 0), "fiveHour", nowMs)).toEqual({
    kind: "past-reset",
    resetsAt: at(0),
  });
});

test("what a clock measured that was set back since is not known, not shown", () => {
  expect(readWindow(window(42, 600, 700), "sevenDay", nowMs).kind).toBe("unmeasured");
  expect(readWindow(window(42, -1, 370), "fiveHour", nowMs).kind).toBe("unmeasured");
  expect(readWindow(window(42, -1, 370), "sevenDay", nowMs).kind).toBe("current");
});

test("whatever was measured when, a percentage is shown only between its measurement and its reset", () => {
  const minutes = fc.integer({ min: -20_000, max: 20_000 });
  fc.assert(
    fc.property(
      minutes,
      minutes,
      fc.constantFrom("fiveHour", "sevenDay"),
      (measured, resets, name) => {
        const reading = readWindow(window(7, measured, resets), name, nowMs);
        if (reading.kind !== "current") return;
        expect(measured).toBeLessThanOrEqual(1);
        expect(resets).toBeGreaterThan(0);
      },
    ),
  );
});
