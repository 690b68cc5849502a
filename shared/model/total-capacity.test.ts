import { expect, test } from "vitest";
import { totalSlots, totalWindow } from "./total-capacity.ts";
import type { UsageWindow } from "./usage-window.ts";

const nowMs = Date.UTC(2026, 10, 21, 10);
const at = (minutes: number) => new Date(nowMs + minutes * 60_000).toISOString();
const profile = (usedPercent: number | null, resets = 60) => {
  const fiveHour: UsageWindow | null =
    usedPercent === null
      ? null
      : { usedPercent, resetsAt: at(resets), measuredAt: at(-1), source: "statusline" };
  return { windows: { fiveHour, sevenDay: null } };
};
const total = (...profiles: readonly ReturnType<typeof profile>[]) =>
  totalWindow(profiles, "fiveHour", nowMs);

test("slots are of all that may get work, sessions of whoever has them", () => {
  const states = ["ready", "unchecked", "resting", "signed-out", "incident", "disabled"] as const;
  const profiles = states.map((state) => ({ state, live: 1, cap: 4, learnedCap: null }));
  // Of the last three only the slots that their sessions hold.
  expect(totalSlots(profiles)).toEqual({ live: 6, cap: 3 * 4 + 3 });
});

test("the mean is of the windows that are known, and says of how many", () => {
  expect(total(profile(40), profile(90), profile(null), profile(70, -1))).toEqual({
    percent: 65,
    known: 2,
  });
  expect(total(profile(120), profile(0))).toEqual({ percent: 50, known: 2 });
});

test("with none known there is no number", () => {
  expect(total(profile(null))).toEqual({ percent: null, known: 0 });
});
