import { effectiveCap, type Profile } from "./profile.ts";
import { currentUse, type WindowName } from "./usage-window.ts";

/** What all profiles have together: the slots of those that can work, and the mean of the windows that are known. */
export function totalSlots(
  profiles: readonly Pick<Profile, "state" | "live" | "cap" | "learnedCap">[],
): {
  readonly live: number;
  readonly cap: number;
} {
  // One that nobody has checked yet is given work like any other.
  const usable = profiles.filter(({ state }) => ["ready", "unchecked", "resting"].includes(state));
  return {
    live: profiles.reduce((sum, profile) => sum + profile.live, 0),
    cap: usable.reduce((sum, profile) => sum + effectiveCap(profile), 0),
  };
}

export function totalWindow(
  profiles: readonly Pick<Profile, "windows">[],
  name: WindowName,
  nowMs: number,
): { readonly percent: number | null; readonly known: number } {
  const known = profiles.flatMap(({ windows }) => {
    const use = currentUse(windows[name], name, nowMs);
    return use ? [Math.min(100, use.usedPercent)] : [];
  });
  if (known.length === 0) return { percent: null, known: 0 };
  const sum = known.reduce((all, percent) => all + percent, 0);
  return { percent: Math.round(sum / known.length), known: known.length };
}
