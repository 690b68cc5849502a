import { effectiveCap, type Profile } from "./profile.ts";
import { currentUse, type WindowName } from "./usage-window.ts";

/** What all profiles have together: the slots of those that can work, and of the others those that their sessions still hold. */
export function totalSlots(
  profiles: readonly Pick<Profile, "state" | "live" | "cap" | "learnedCap">[],
): {
  readonly live: number;
  readonly cap: number;
} {
  // One that nobody has checked yet is given work like any other.
  const isUsable = ({ state }: Pick<Profile, "state">) =>
    ["ready", "unchecked", "resting"].includes(state);
  return {
    live: profiles.reduce((sum, profile) => sum + profile.live, 0),
    cap: profiles.reduce(
      (sum, profile) => sum + (isUsable(profile) ? effectiveCap(profile) : profile.live),
      0,
    ),
  };
}

/** The mean of the windows that are known. */
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
