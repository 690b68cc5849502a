import { describeMoment } from "../../../shared/model/describe-moment.ts";
import type { ProfileName } from "../../../shared/model/ids.ts";
import { effectiveCap, hasLearnedLess, type Profile } from "../../../shared/model/profile.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import { currentUse } from "../../../shared/model/usage-window.ts";

type HinderedProfile = Pick<
  Profile,
  "name" | "state" | "reason" | "restsUntil" | "cap" | "learnedCap" | "live" | "windows"
>;

interface HindranceView {
  /** ISO 8601. */
  readonly now: string;
  readonly ceilingPercent?: number;
  readonly waiting?: ReadonlyMap<ProfileName, number>;
  /** Of the person who reads it; the machine's own when absent. */
  readonly zone?: string;
}

/**
 * What keeps this profile from taking one more session, as the end of a sentence that begins with its name. Null: nothing does.
 */
export function hindrance(
  profile: HinderedProfile,
  { now, ceilingPercent = 100, waiting, zone }: HindranceView,
): string | null {
  switch (profile.state) {
    case "ready":
    case "unchecked":
      break;
    case "resting":
      return `rests until ${profile.restsUntil ? describeMoment(profile.restsUntil, zone) : "further notice"}${because(profile)}`;
    case "signed-out":
      return `is signed out${because(profile)}; sign in with: switchyard profile login ${profile.name}`;
    case "incident":
      return `takes no work${because(profile)}; once that is mended: switchyard profile check ${profile.name}`;
    case "disabled":
      return "is disabled";
    default:
      return unreachable(profile.state);
  }
  const cap = effectiveCap(profile);
  if (profile.live >= cap)
    return `is full: ${profile.live} of ${cap} ${cap === 1 ? "session" : "sessions"}${whyThatCap(profile)}${whoWait(waiting?.get(profile.name) ?? 0)}`;
  const spent = spentWindow(profile, now, ceilingPercent);
  if (!spent) return null;
  const { name, window } = spent;
  const until = describeMoment(window.resetsAt, zone);
  if (window.usedPercent >= 100) return `has used up its ${name} window until ${until}`;
  return `has used ${Math.floor(window.usedPercent)} % of its ${name} window, of the ${ceilingPercent} % it may until ${until}`;
}

function whyThatCap(profile: HinderedProfile): string {
  return hasLearnedLess(profile) ? ` (the provider refused more; its cap is ${profile.cap})` : "";
}

function whoWait(count: number): string {
  return count === 0
    ? ""
    : `, ${count} of them ${count === 1 ? "waits" : "wait"} for you: switchyard inbox`;
}

function because(profile: HinderedProfile): string {
  return profile.reason === null ? "" : `: ${profile.reason}`;
}

function spentWindow({ windows }: HinderedProfile, now: string, ceilingPercent: number) {
  const both = [
    { name: "weekly", key: "sevenDay" },
    { name: "five-hour", key: "fiveHour" },
  ] as const;
  for (const { name, key } of both) {
    const window = windows[key];
    const use = currentUse(window, key, Date.parse(now));
    if (window && use && use.usedPercent >= ceilingPercent) return { name, window };
  }
  return null;
}
