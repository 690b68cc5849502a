import type { Profile } from "../../../shared/model/profile.ts";
import { isSameWindow, type UsageWindow } from "../../../shared/model/usage-window.ts";

/** Percent of a window that one session takes in an hour; null while too little was seen to tell. */
export interface Burn {
  readonly fiveHour: number | null;
  readonly sevenDay: number | null;
}

interface Learning {
  /** By how much the window rose, and the session hours in which it did; older hours count less. */
  readonly percent: number;
  readonly hours: number;
  readonly last: { readonly window: UsageWindow; readonly live: number } | null;
}

/** What has been seen of one profile so far. */
export interface LearnedBurn {
  readonly fiveHour: Learning;
  readonly sevenDay: Learning;
}

const NOTHING: Learning = { percent: 0, hours: 0, last: null };
export const UNLEARNED: LearnedBurn = { fiveHour: NOTHING, sevenDay: NOTHING };

/** The provider tells whole percents: one or two of them say nothing yet. */
const PERCENT_MIN = 3;
const HOURS_MIN = 0.5;
/** After so many session hours what came before counts half: work changes. */
const HOURS_MAX = 40;
/** Between measurements that lie further apart nobody knows how many sessions ran. */
const GAP_MAX_MS = 30 * 60_000;

/** Takes one look at a profile: how many sessions run there, and what its windows were measured as. */
export function learnBurn(
  learned: LearnedBurn,
  { live, windows }: Pick<Profile, "live" | "windows">,
): LearnedBurn {
  const fiveHour = learn(learned.fiveHour, windows.fiveHour, live);
  const sevenDay = learn(learned.sevenDay, windows.sevenDay, live);
  const isSame = fiveHour === learned.fiveHour && sevenDay === learned.sevenDay;
  return isSame ? learned : { fiveHour, sevenDay };
}

export function burnOf({ fiveHour, sevenDay }: LearnedBurn): Burn {
  return { fiveHour: rateOf(fiveHour), sevenDay: rateOf(sevenDay) };
}

function rateOf({ percent, hours }: Learning): number | null {
  return percent < PERCENT_MIN || hours < HOURS_MIN ? null : percent / hours;
}

function learn(learning: Learning, window: UsageWindow | null, live: number): Learning {
  const { last } = learning;
  if (!window || window.measuredAt === last?.window.measuredAt) return learning;
  const next = { ...learning, last: { window, live } };
  if (!last || !isSameWindow(last.window, window)) return next;
  const gapMs = Date.parse(window.measuredAt) - Date.parse(last.window.measuredAt);
  // Out of order after the clock was set, or too far apart to know what happened between.
  if (gapMs <= 0 || gapMs > GAP_MAX_MS) return next;
  const percent = learning.percent + Math.max(0, window.usedPercent - last.window.usedPercent);
  const hours = learning.hours + (((last.live + live) / 2) * gapMs) / 3_600_000;
  const share = hours > HOURS_MAX ? 0.5 : 1;
  return { ...next, percent: percent * share, hours: hours * share };
}
