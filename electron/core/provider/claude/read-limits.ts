import {
  RESET_AHEAD_MAX_MS,
  type UsageWindow,
  type WindowName,
} from "../../../../shared/model/usage-window.ts";
import type { Gauge } from "../evidence.ts";

/** Reports pass 100 with extra usage; beyond this the number is not a percentage. */
const PERCENT_MAX = 200;
const WORDS: Readonly<Record<WindowName, string>> = {
  fiveHour: "five-hour window",
  sevenDay: "weekly window",
};

/** What a status line says of the usage windows; what is missing is not said, what cannot be is refused with the reason. */
export function readLimits(
  limits: unknown,
  at: string,
): Pick<Gauge, "windows"> & { readonly refused: readonly string[] } {
  if (limits === undefined || limits === null) return { windows: null, refused: [] };
  const fields = toRecord(limits);
  if (!fields) return { windows: null, refused: ["its rate_limits are no object"] };
  const refused: string[] = [];
  const read = (name: WindowName, told: unknown): UsageWindow | null => {
    if (told === undefined || told === null) return null;
    const window = readWindow(name, told, at);
    if (typeof window !== "string") return window;
    refused.push(`${WORDS[name]}: ${window}`);
    return null;
  };
  const fiveHour = read("fiveHour", fields.five_hour);
  const sevenDay = read("sevenDay", fields.seven_day);
  return { windows: fiveHour || sevenDay ? { fiveHour, sevenDay } : null, refused };
}

/** A text says why it cannot be. */
function readWindow(name: WindowName, told: unknown, at: string): UsageWindow | string {
  const { used_percentage: percent, resets_at: resets } = toRecord(told) ?? {};
  if (typeof percent !== "number" || !(percent >= 0 && percent <= PERCENT_MAX))
    return `used_percentage is ${show(percent)}, which is no percentage`;
  const resetsMs = typeof resets === "number" ? resets * 1000 : Number.NaN;
  const resetsAt = new Date(resetsMs);
  if (Number.isNaN(resetsAt.getTime())) return `resets_at is ${show(resets)}, which is no time`;
  const aheadMs = resetsMs - Date.parse(at);
  if (aheadMs <= 0) return `it was to begin anew at ${resetsAt.toISOString()}, which has passed`;
  if (aheadMs > RESET_AHEAD_MAX_MS[name])
    return `it begins anew at ${resetsAt.toISOString()} only, further ahead than it is long: a clock is wrong`;
  return {
    usedPercent: percent,
    resetsAt: resetsAt.toISOString(),
    measuredAt: at,
    source: "statusline",
  };
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? // An object that is no list has string keys; what they hold stays unknown.
      (value as Readonly<Record<string, unknown>>)
    : null;
}

function show(value: unknown): string {
  return value === undefined ? "missing" : String(JSON.stringify(value)).slice(0, 40);
}
