import type { ProfileName, SessionId } from "../../../shared/model/ids.ts";
import {
  CLOCK_SLACK_MS,
  isOfThisClock,
  isSameWindow,
  type UsageWindow,
  type UsageWindows,
  type WindowName,
} from "../../../shared/model/usage-window.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Store } from "../store/store.ts";
import { BURN_SPANS, planBurn } from "./plan-burn.ts";

/**
 * A program repeats its last measurement when it draws anew, however old that is. Within one window use only grows and its reset
 * stays, so a lower number or an earlier reset is such a repeat, unless for this long nothing else was measured: then the provider
 * has given something back, or moved the reset.
 */
const REPEATS_FOR_MS = 10 * 60_000;
/** More sessions than ever live at once; of those that are long over nothing has to be known. */
const SESSIONS_MAX = 1_000;
const COMPLAINTS_MAX = 1_000;
const NAMES = ["fiveHour", "sevenDay"] as const satisfies readonly WindowName[];

/** What one session's program told of its profile's windows. */
export interface Told {
  readonly profile: ProfileName;
  readonly session: SessionId;
  /** Tells one answer of its model from the next: with none new between, the same numbers are no new measurement. */
  readonly answer: string | null;
  readonly windows: UsageWindows | null;
  /** What it said of them that cannot be, in words. */
  readonly refused: readonly string[];
}

export interface Usage {
  /** Takes in what one session of a profile told; returns whether anything of it was news. */
  take(told: Told): boolean;
}

/** Keeps the newest measurement of each window of each profile, whichever session made it, and how fast it is used up. */
export function createUsage({
  store,
  clock,
  log,
}: {
  readonly store: Pick<Store, "gauges" | "profiles">;
  readonly clock: Clock;
  readonly log: Log;
}): Usage {
  /** What each session told last. */
  const last = new Map<SessionId, string>();
  const complained = new Set<string>();

  const complain = ({ profile, session, refused }: Told) => {
    for (const why of refused) {
      // Once for each kind of mistake: numbers in it change with each status line.
      const key = `${profile} ${why.replace(/[\d.:TZ-]+/g, "#")}`;
      if (complained.has(key)) continue;
      if (complained.size >= COMPLAINTS_MAX) complained.clear();
      complained.add(key);
      log.warn({ profile, session, why }, "a status line was not believed");
    }
  };
  const isRepeat = ({ session, answer, windows }: Told) => {
    const numbers = NAMES.map((name) => [
      windows?.[name]?.usedPercent ?? null,
      windows?.[name]?.resetsAt ?? null,
    ]);
    const told = JSON.stringify([answer, numbers]);
    const isSame = last.get(session) === told;
    // Put at the end: the first is the one that has been silent for longest.
    last.delete(session);
    last.set(session, told);
    const [longest] = last.keys();
    if (last.size > SESSIONS_MAX && longest !== undefined) last.delete(longest);
    return isSame;
  };

  return {
    take(told) {
      complain(told);
      const { profile, windows } = told;
      if (!windows || isRepeat(told)) return false;
      const held = store.profiles.find(profile)?.windows;
      if (!held) return false;
      const nowMs = clock.now().getTime();
      const news = (name: WindowName) => {
        const measured = newer(name, held[name], windows[name], nowMs);
        if (!measured) return null;
        const { measuredAt: at, usedPercent, resetsAt } = measured;
        const sample = { at, usedPercent, resetsAt };
        store.gauges.addSample(profile, name, sample);
        // A rate is told by the first and the newest of its span: a day of samples would be read for each answer of each session.
        const sinceMs = Date.parse(at) - BURN_SPANS[name].mostMs;
        const first = store.gauges.firstSampleOf(profile, name, { sinceMs, resetsAt });
        return { ...measured, burn: planBurn(name, first ? [first, sample] : [sample]) };
      };
      const newest = { fiveHour: news("fiveHour"), sevenDay: news("sevenDay") };
      if (newest.fiveHour === null && newest.sevenDay === null) return false;
      store.gauges.setWindows(profile, newest);
      return true;
    },
  };
}

function newer(
  name: WindowName,
  held: UsageWindow | null,
  measured: UsageWindow | null,
  nowMs: number,
): UsageWindow | null {
  if (!measured || Date.parse(measured.measuredAt) > nowMs + CLOCK_SLACK_MS) return null;
  // A clock that ran ahead and was set back would keep what it measured for as long as it ran ahead.
  if (!held || !isOfThisClock(held, name, nowMs)) return measured;
  if (measured.measuredAt <= held.measuredAt) return null;
  const isBack = isSameWindow(held, measured)
    ? measured.usedPercent < held.usedPercent
    : measured.resetsAt < held.resetsAt;
  const ageMs = Date.parse(measured.measuredAt) - Date.parse(held.measuredAt);
  return isBack && ageMs < REPEATS_FOR_MS ? null : measured;
}
