import type { Refusal } from "../../../../shared/model/refusal.ts";
import type { WindowName } from "../../../../shared/model/usage-window.ts";

/** Money or an allowance of the organisation's: waiting for a reset does not help (wordings of 2025 and of 2.1.329). */
const SPENT = [
  /\bspend limit\b/i,
  /\bcredit balance is too low\b/i,
  /\bout of usage credits\b/i,
  /\busage allocation has been disabled\b/i,
  /\busage limit is set to \$0\b/i,
  /\borg(?:anization)?'s monthly usage limit\b/i,
  /\bdoesn't include usage\b/i,
  /\bAPI Error: 402\b/,
];
const CROWDED = /\btoo many concurrent\b/i;
/** The program's own word for a 429 that names no window. Looked for first: what follows it is the server's text. */
const THROTTLED = /\bnot your usage limit\b/i;
const WINDOW = /\b(?:limit reached|hit your|reached your|out of extra usage)\b/i;
/** A limit of one model alone, such as the Opus limit, has another window, which is not measured. */
const NAMED: readonly (readonly [WindowName, RegExp])[] = [
  ["fiveHour", /\bhit your (?:5-hour|session) limit\b/i],
  ["sevenDay", /\bhit your weekly limit\b/i],
];
const RESET =
  /\bresets?\s+(?:at\s+)?(?:(?<month>[A-Z][a-z]{2}) (?<day>\d{1,2})(?:,| at) )?(?<hour>\d{1,2})(?::(?<minute>\d{2}))?(?<half>am|pm) \((?<zone>[\w/+-]+)\)/;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY_MS = 24 * 3_600_000;
/** A week and a margin: what is told as later is no usage window. */
const AHEAD_MAX_MS = 8 * DAY_MS;

export function isSpendLimit(message: string): boolean {
  return SPENT.some((wording) => wording.test(message));
}

/**
 * What the text of a refused turn says, for want of a better source: the status line has the reset to the second, and does not
 * come while the program's own menu about the limit is open.
 */
export function readRefusal(message: string, now: Date): Refusal {
  if (isSpendLimit(message)) return { kind: "spend" };
  if (CROWDED.test(message)) return { kind: "crowded" };
  if (THROTTLED.test(message)) return { kind: "throttled" };
  if (WINDOW.test(message)) {
    const name = NAMED.find(([, wording]) => wording.test(message))?.[0] ?? null;
    return { kind: "window", name, resetsAt: readReset(message, now) };
  }
  return { kind: "throttled" };
}

/** Null where the text names no reset that can be. The text has no seconds: it is the end of that minute. */
function readReset(message: string, now: Date): string | null {
  const found = RESET.exec(message)?.groups;
  if (!found) return null;
  const { month, day, hour, minute, half, zone = "UTC" } = found;
  const hours = (Number(hour) % 12) + (half === "pm" ? 12 : 0);
  const offset = offsetMs(zone, now);
  if (offset === null) return null;
  const local = new Date(now.getTime() + offset);
  const told = (inYears: number, inDays: number) =>
    Date.UTC(
      local.getUTCFullYear() + inYears,
      month === undefined ? local.getUTCMonth() : MONTHS.indexOf(month),
      (month === undefined ? local.getUTCDate() : Number(day)) + inDays,
      hours,
      Number(minute ?? 0),
    );
  // A bare time that has passed today is tomorrow's; a date that has passed this year is next year's.
  const candidates = [told(0, 0), month === undefined ? told(0, 1) : told(1, 0)];
  // The zone's clocks may change before.
  const ends = candidates.map(
    (at) => at - (offsetMs(zone, new Date(at - offset)) ?? offset) + 60_000,
  );
  const reset = ends.find((end) => end > now.getTime());
  const isBelieved = reset !== undefined && reset <= now.getTime() + AHEAD_MAX_MS;
  return isBelieved ? new Date(reset).toISOString() : null;
}

/** How far a zone's clocks are ahead of UTC at a moment; null for a zone that is not known. */
function offsetMs(zone: string, at: Date): number | null {
  try {
    const parts = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    }).formatToParts(at);
    const part = (type: string) => Number(parts.find((each) => each.type === type)?.value);
    const local = Date.UTC(
      part("year"),
      part("month") - 1,
      part("day"),
      part("hour"),
      part("minute"),
      part("second"),
    );
    return local - Math.floor(at.getTime() / 1000) * 1000;
  } catch {
    return null;
  }
}
