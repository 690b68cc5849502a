import { expect, test } from "vitest";
import type { UsageWindow } from "./usage-window.ts";
import { wordWindow } from "./word-window.ts";

const nowMs = Date.UTC(2026, 10, 21, 10);
const at = (minutes: number) => new Date(nowMs + minutes * 60_000).toISOString();
const window = (more: Partial<UsageWindow> = {}): UsageWindow => ({
  usedPercent: 41.6,
  resetsAt: at(125),
  measuredAt: at(-3),
  source: "statusline",
  ...more,
});
const word = (usage: UsageWindow | null) => wordWindow(usage, "fiveHour", nowMs);

test("a window that nobody measured yet, or not since it began anew, has no number", () => {
  expect(word(null)).toMatchObject({ percent: null, value: "not known yet", reset: "" });
  expect(word(window({ resetsAt: at(-12) }))).toMatchObject({
    percent: null,
    value: "reset, not measured",
    source: "Began anew 12m ago; measured with the next answer",
  });
});

test("a window says its share, its reset, where the number comes from and how old it is", () => {
  expect(word(window())).toEqual({
    percent: 42,
    value: "42 %",
    reset: "resets in 2h 05m",
    rate: "",
    end: "",
    source: "Measured 3m ago by the status line; high confidence",
  });
});

test("with a rate it says when it is used up, and only if that is before its reset", () => {
  const burn = { percentPerHour: 58, overMinutes: 30, runsOutAt: at(57) };
  expect(word(window({ burn }))).toMatchObject({
    rate: "58 % an hour over the last 30m",
    end: "used up in 57m",
  });
  expect(word(window({ burn: { ...burn, runsOutAt: null } })).end).toBe("");
  expect(word(window({ burn: { ...burn, runsOutAt: at(-1) } })).end).toBe(
    "used up by now at this rate",
  );
  expect(word(window({ usedPercent: 100, burn: null })).end).toBe("used up");
});

test("a rate of an hour ago says nothing about now", () => {
  const burn = { percentPerHour: 58, overMinutes: 30, runsOutAt: at(57) };
  const old = word(window({ measuredAt: at(-61), burn }));
  expect(old).toMatchObject({ rate: "", end: "" });
  expect(old.source).toMatch(/low confidence, use since then is not in it/);
});

test("what a clock measured that was set back since is not known, not shown", () => {
  expect(word(window({ measuredAt: at(600), resetsAt: at(700) })).value).toBe("not known yet");
});

test("where the words stand for longer its ends are told as moments, which stay true", () => {
  const burn = { percentPerHour: 58, overMinutes: 30, runsOutAt: at(57) };
  const tell = (instant: string) => `at ${instant.slice(11, 16)}`;
  expect(wordWindow(window({ burn }), "fiveHour", nowMs, tell)).toMatchObject({
    reset: "resets at 12:05",
    end: "used up at 10:57",
  });
});
