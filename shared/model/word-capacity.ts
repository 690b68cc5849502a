import { effectiveCap, hasLearnedLess, type Profile, type ProfileState } from "./profile.ts";
import type { totalWindow } from "./total-capacity.ts";

// What every place that shows capacity says of it: the window's strip, its meters for screen readers, the tray.

export const PROFILE_STATE_WORDS: Readonly<Record<ProfileState, string>> = {
  ready: "Ready",
  unchecked: "Not checked",
  "signed-out": "Signed out",
  resting: "Resting",
  incident: "Incident",
  disabled: "Disabled",
};

/** `3 of 10`; `3 of 4 (learned)` where the provider's refusals taught less than the cap that was set. */
export function wordSlots(profile: Pick<Profile, "live" | "cap" | "learnedCap">): string {
  return `${profile.live} of ${effectiveCap(profile)}${hasLearnedLess(profile) ? " (learned)" : ""}`;
}

/** `65 % on average, 2 of 4 known`. */
export function wordTotalWindow(
  { percent, known }: ReturnType<typeof totalWindow>,
  profiles: number,
): string {
  return percent === null
    ? "not known yet"
    : `${percent} % on average, ${known} of ${profiles} known`;
}

/** `2 need you`. */
export function wordInNeed(count: number): string {
  return `${count} ${count === 1 ? "needs you" : "need you"}`;
}
