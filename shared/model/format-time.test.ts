import { expect, test } from "vitest";
import { formatClock, formatDuration, formatElapsed, tellClock } from "./format-time.ts";

const NOW = Date.parse("2026-11-21T09:00:00.000Z");
const HOUR_MS = 3_600_000;

test("gives a duration two units at most", () => {
  expect(formatDuration(8_900)).toBe("8s");
  expect(formatDuration(12 * 60_000)).toBe("12m");
  expect(formatDuration(3 * HOUR_MS + 5 * 60_000)).toBe("3h 05m");
  expect(formatDuration(52 * HOUR_MS)).toBe("2d 4h");
  expect(formatDuration(-5)).toBe("0s");
});

test("names the day only when it is another one", () => {
  expect(formatClock("2026-11-21T08:12:00.000Z", NOW, "UTC")).not.toMatch(/21/);
  expect(formatClock("2026-11-20T08:12:00.000Z", NOW, "UTC")).toMatch(/20/);
  expect(tellClock("2026-11-21T20:12:00.000Z", NOW, "UTC")).toMatch(/^at \d/);
  expect(tellClock("2026-11-22T08:12:00.000Z", NOW, "UTC")).toMatch(/^on .*22/);
});

test("shows tenths of a second where they matter", () => {
  expect(formatElapsed(412)).toBe("412 ms");
  expect(formatElapsed(4_120)).toBe("4.1 s");
  expect(formatElapsed(61_000)).toBe("1m");
});
