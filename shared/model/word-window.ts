import { formatDuration } from "./format-time.ts";
import { type Confidence, readWindow, type UsageWindow, type WindowName } from "./usage-window.ts";

/** A window in words, each piece as it stands on screen; empty where there is nothing to say. */
export interface WindowWords {
  /** Null where nobody knows. */
  readonly percent: number | null;
  readonly value: string;
  /** `resets in 2h 05m`. */
  readonly reset: string;
  /** `58 % an hour`. */
  readonly rate: string;
  /** When it is used up at that rate, where that is before its reset. */
  readonly end: string;
  /** Where the number comes from, how old it is and how far it can be relied on. */
  readonly source: string;
}

/** How a moment to come is told, e.g. `in 2h 05m`, which is true for seconds, or `at 14:05`, which stays true. */
export type TellTime = (instant: string, nowMs: number) => string;

const countDown: TellTime = (instant, nowMs) => `in ${formatDuration(Date.parse(instant) - nowMs)}`;

const SOURCES = { statusline: "the status line", hook: "a limit hook" } as const;
const CONFIDENCE: Readonly<Record<Confidence, string>> = {
  high: "high confidence",
  medium: "medium confidence, use since then is not in it",
  low: "low confidence, use since then is not in it",
};

export function wordWindow(
  usage: UsageWindow | null,
  name: WindowName,
  nowMs: number,
  tell: TellTime = countDown,
): WindowWords {
  const reading = readWindow(usage, name, nowMs);
  const nothing = { percent: null, reset: "", rate: "", end: "" };
  switch (reading.kind) {
    case "unmeasured":
      return {
        ...nothing,
        value: "not known yet",
        source: "Comes with the first answer to a session of this profile",
      };
    case "past-reset":
      return {
        ...nothing,
        value: "reset, not measured",
        source: `Began anew ${formatDuration(nowMs - Date.parse(reading.resetsAt))} ago; measured with the next answer`,
      };
    case "current": {
      const { usedPercent, ageMs, confidence } = reading;
      // A rate of an hour ago says nothing about now.
      const burn = confidence === "low" ? null : (usage?.burn ?? null);
      const by = usage ? SOURCES[usage.source] : "";
      return {
        percent: Math.round(usedPercent),
        value: `${Math.round(usedPercent)} %`,
        reset: usage ? `resets ${tell(usage.resetsAt, nowMs)}` : "",
        rate: burn ? wordRate(burn.percentPerHour, burn.overMinutes) : "",
        end: wordEnd(usedPercent, burn?.runsOutAt ?? null, nowMs, tell),
        source: `Measured ${formatDuration(ageMs)} ago by ${by}; ${CONFIDENCE[confidence]}`,
      };
    }
  }
}

function wordRate(percentPerHour: number, overMinutes: number): string {
  const over = formatDuration(overMinutes * 60_000);
  const digits = percentPerHour < 10 ? 1 : 0;
  return `${percentPerHour.toFixed(digits)} % an hour over the last ${over}`;
}

function wordEnd(
  usedPercent: number,
  runsOutAt: string | null,
  nowMs: number,
  tell: TellTime,
): string {
  if (usedPercent >= 100) return "used up";
  if (runsOutAt === null) return "";
  const isPast = Date.parse(runsOutAt) <= nowMs;
  return isPast ? "used up by now at this rate" : `used up ${tell(runsOutAt, nowMs)}`;
}
