import { effectiveCap, type Profile } from "../../../shared/model/profile.ts";
import {
  currentUse,
  type UsageWindow,
  type WindowName,
} from "../../../shared/model/usage-window.ts";
import type { Burn } from "./plan-learned-burn.ts";

export type LoadedProfile = Pick<Profile, "cap" | "learnedCap" | "live" | "windows"> & {
  /** What one of its sessions takes of its windows; absent while nobody knows. */
  readonly burn?: Burn;
};

const HOUR_MS = 3_600_000;
/** How long the provider's windows last. */
const LENGTH_MS = { fiveHour: 5 * HOUR_MS, sevenDay: 7 * 24 * HOUR_MS } as const;
/** A window about to begin anew would else be worth more than anything for its last minutes. */
const SHARE_LEFT_MIN = 0.02;
/** Paces that lie less than a fifth apart count as equal, so that slots decide between them. */
const STEPS_PER_DOUBLING = 4;
/** A window that lasts for another hour is enough to begin a task in: most are done by then. */
const ENOUGH_HOURS = 1;
/** So long a task can wait with its slot for a window that begins anew. */
const BEARABLE_HOURS = 0.5;

/**
 * What is left of its week beside what an even pace would leave until that begins anew: 1 is even, 2 is twice as much, 0 is used
 * up. What is more than even will be lost at the reset. A five-hour window that is behind its own pace makes it less, and one with
 * quota to spare no more: another follows. A window that has begun anew or was never measured counts as even. `now` is ISO 8601.
 */
export function paceOf({ windows }: Pick<LoadedProfile, "windows">, now: string): number {
  const ofWeek = paceOfWindow(windows.sevenDay, "sevenDay", now);
  return ofWeek * Math.min(1, paceOfWindow(windows.fiveHour, "fiveHour", now));
}

/** Below 0 when `a` is to be taken before `b`: the quota that would be lost first, then the larger share of free slots. */
export function compareLoads(a: LoadedProfile, b: LoadedProfile, now: string): number {
  return stepOf(b, now) - stepOf(a, now) || slotShare(a) - slotShare(b);
}

function stepOf(profile: LoadedProfile, now: string): number {
  return Math.round(Math.log2(Math.max(0.01, paceOf(profile, now))) * STEPS_PER_DOUBLING);
}

function slotShare(profile: LoadedProfile): number {
  return (profile.live + 1) / effectiveCap(profile);
}

/** A window that would be used up by those that run and one more, long before it begins anew. */
export interface DryWindow {
  readonly name: "five-hour" | "weekly";
  readonly percentLeft: number;
  readonly resetsAt: string;
}

const WORDS = { fiveHour: "five-hour", sevenDay: "weekly" } as const;

/** Null while it is not known how fast it goes, or nobody runs there: what is left then is used up. */
export function findDryWindow(profile: LoadedProfile, now: string): DryWindow | null {
  const { windows, burn, live } = profile;
  if (!burn || live === 0) return null;
  return (
    dry("sevenDay", windows.sevenDay, burn.sevenDay, live, now) ??
    dry("fiveHour", windows.fiveHour, burn.fiveHour, live, now)
  );
}

function dry(
  name: WindowName,
  window: UsageWindow | null,
  burn: number | null,
  live: number,
  now: string,
): DryWindow | null {
  const use = currentUse(window, name, Date.parse(now));
  if (!window || !use || !burn) return null;
  const percentLeft = Math.max(0, 100 - use.usedPercent);
  const lastsHours = percentLeft / (burn * (live + 1));
  const leftHours = use.resetsInMs / HOUR_MS;
  const isEnough = lastsHours >= ENOUGH_HOURS || leftHours - lastsHours <= BEARABLE_HOURS;
  return isEnough ? null : { name: WORDS[name], percentLeft, resetsAt: window.resetsAt };
}

function paceOfWindow(window: UsageWindow | null, name: WindowName, now: string): number {
  const use = currentUse(window, name, Date.parse(now));
  if (!use) return 1;
  const shareLeft = Math.min(1, use.resetsInMs / LENGTH_MS[name]);
  return Math.max(0, 1 - use.usedPercent / 100) / Math.max(SHARE_LEFT_MIN, shareLeft);
}

/** Share of a window that is used, 0 to 1 and more; 0 where nothing is known of it now. */
export function usedShare(window: UsageWindow | null, name: WindowName, now: string): number {
  return (currentUse(window, name, Date.parse(now))?.usedPercent ?? 0) / 100;
}
