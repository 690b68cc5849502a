import type { ProfileName } from "../../../shared/model/ids.ts";
import type { UsageWindow, UsageWindows } from "../../../shared/model/profile.ts";
import type { Store } from "../store/store.ts";

/**
 * A program repeats its last measurement when it draws anew, however old that is. Within one window use only grows, so a lower
 * number is such a repeat, unless for this long nothing higher was measured: then the provider has given something back.
 */
const REPEATS_FOR_MS = 10 * 60_000;
/** Resets of one window are told to the second; this tells a window from the next one. */
const SAME_RESET_MS = 60_000;

export interface Usage {
  /** Takes in what one session of a profile measured; returns whether anything of it was news. */
  take(profile: ProfileName, windows: UsageWindows): boolean;
}

/** Keeps the newest measurement of each window of each profile, whichever session made it. */
export function createUsage({
  store,
}: {
  readonly store: Pick<Store, "gauges" | "profiles">;
}): Usage {
  return {
    take(name, measured) {
      const held = store.profiles.find(name)?.windows;
      if (!held) return false;
      const news = {
        fiveHour: newer(held.fiveHour, measured.fiveHour),
        sevenDay: newer(held.sevenDay, measured.sevenDay),
      };
      if (news.fiveHour === null && news.sevenDay === null) return false;
      store.gauges.setWindows(name, news);
      return true;
    },
  };
}

function newer(held: UsageWindow | null, measured: UsageWindow | null): UsageWindow | null {
  if (!measured || !held) return measured;
  if (measured.measuredAt <= held.measuredAt) return null;
  const aheadMs = Date.parse(measured.resetsAt) - Date.parse(held.resetsAt);
  // The window before the one that is held.
  if (aheadMs < -SAME_RESET_MS) return null;
  const isSameWindow = aheadMs <= SAME_RESET_MS;
  const ageMs = Date.parse(measured.measuredAt) - Date.parse(held.measuredAt);
  if (isSameWindow && measured.usedPercent < held.usedPercent && ageMs < REPEATS_FOR_MS)
    return null;
  return measured;
}

/** How a window stands at a moment: a measurement says nothing about the time after its reset. */
export type WindowReading =
  | { readonly kind: "unmeasured" }
  | { readonly kind: "current"; readonly usedPercent: number; readonly resetsInMs: number }
  | { readonly kind: "past-reset"; readonly resetsAt: string };

export function readWindow(window: UsageWindow | null, now: Date): WindowReading {
  if (!window) return { kind: "unmeasured" };
  const resetsInMs = Date.parse(window.resetsAt) - now.getTime();
  if (resetsInMs <= 0) return { kind: "past-reset", resetsAt: window.resetsAt };
  return { kind: "current", usedPercent: window.usedPercent, resetsInMs };
}
