import { z } from "zod";
import { Instant } from "./ids.ts";

/** How fast a window is used up, from what was measured of it. */
export const Burn = z.object({
  percentPerHour: z.number().min(0),
  /** How long was measured for it. */
  overMinutes: z.number().min(0),
  /** When the window is used up at this rate; null where it begins anew before. */
  runsOutAt: Instant.nullable(),
});
export type Burn = z.infer<typeof Burn>;

/** One usage window as the provider last reported it to a session of this profile. */
export const UsageWindow = z.object({
  /** 0 to 100, as reported; can pass 100. */
  usedPercent: z.number().min(0),
  resetsAt: Instant,
  /** When a session was given this number with an answer; that it was drawn once more later is no measurement. */
  measuredAt: Instant,
  source: z.enum(["statusline", "hook"]),
  /** Null where too little was measured to tell. */
  burn: Burn.nullable().optional(),
});
export type UsageWindow = z.infer<typeof UsageWindow>;

export const UsageWindows = z.object({
  fiveHour: UsageWindow.nullable(),
  sevenDay: UsageWindow.nullable(),
});
export type UsageWindows = z.infer<typeof UsageWindows>;
export type WindowName = keyof UsageWindows;

const HOUR_MS = 3_600_000;
/** How far ahead a reset can be believed: the window's length and a margin for clocks that disagree. */
export const RESET_AHEAD_MAX_MS: Readonly<Record<WindowName, number>> = {
  fiveHour: 6 * HOUR_MS,
  sevenDay: 8 * 24 * HOUR_MS,
};
/** What was measured further ahead than this was measured by a clock that has been set back since. */
export const CLOCK_SLACK_MS = 60_000;

/** Resets of one window are told to the second; this tells a window from the next one. */
export const SAME_RESET_MS = 60_000;

/** Whether both are measurements of one window, from its beginning to its reset. */
export function isSameWindow(
  one: Pick<UsageWindow, "resetsAt">,
  other: Pick<UsageWindow, "resetsAt">,
): boolean {
  return Math.abs(Date.parse(one.resetsAt) - Date.parse(other.resetsAt)) <= SAME_RESET_MS;
}

/** How much a reading can be relied on: by its age, and what happened since is not in it. */
export type Confidence = "high" | "medium" | "low";
const HIGH_MS = 10 * 60_000;
/** An older measurement tells nothing of the rate any more. */
export const MEDIUM_MS = HOUR_MS;

/** How a window stands at a moment: a measurement says nothing about the time after its reset. */
export type WindowReading =
  | { readonly kind: "unmeasured" }
  | {
      readonly kind: "current";
      readonly usedPercent: number;
      readonly resetsInMs: number;
      readonly ageMs: number;
      readonly confidence: Confidence;
    }
  | { readonly kind: "past-reset"; readonly resetsAt: string };

export function readWindow(
  window: UsageWindow | null,
  name: WindowName,
  nowMs: number,
): WindowReading {
  if (!window || !isOfThisClock(window, name, nowMs)) return { kind: "unmeasured" };
  const resetsInMs = Date.parse(window.resetsAt) - nowMs;
  if (resetsInMs <= 0) return { kind: "past-reset", resetsAt: window.resetsAt };
  const ageMs = Math.max(0, nowMs - Date.parse(window.measuredAt));
  const confidence = ageMs <= HIGH_MS ? "high" : ageMs <= MEDIUM_MS ? "medium" : "low";
  return { kind: "current", usedPercent: window.usedPercent, resetsInMs, ageMs, confidence };
}

/** What is known to be used of a window at a moment, whoever asks: the meter, placement, rests and budgets. Null: nothing is. */
export function currentUse(
  window: UsageWindow | null,
  name: WindowName,
  nowMs: number,
): Extract<WindowReading, { kind: "current" }> | null {
  const reading = readWindow(window, name, nowMs);
  return reading.kind === "current" ? reading : null;
}

/** False for what was measured by a clock that has been set since, by hours or more. */
export function isOfThisClock(window: UsageWindow, name: WindowName, nowMs: number): boolean {
  return (
    Date.parse(window.measuredAt) <= nowMs + CLOCK_SLACK_MS &&
    Date.parse(window.resetsAt) <= nowMs + RESET_AHEAD_MAX_MS[name] + CLOCK_SLACK_MS
  );
}
