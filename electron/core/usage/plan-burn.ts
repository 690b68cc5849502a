import type { UsageSample } from "../../../shared/model/usage-report.ts";
import { type Burn, isSameWindow, type WindowName } from "../../../shared/model/usage-window.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** What a rate is told over: long enough to mean something, short enough to be about now. */
export const BURN_SPANS: Readonly<
  Record<WindowName, { readonly leastMs: number; readonly mostMs: number }>
> = {
  fiveHour: { leastMs: 5 * MINUTE_MS, mostMs: HOUR_MS },
  sevenDay: { leastMs: HOUR_MS, mostMs: 24 * HOUR_MS },
};

/**
 * How fast a window is used up, and when it is used up at that rate, by the samples of its last hour (a weekly one: day), oldest
 * first. Null while they span too little time. Told as of the newest sample: what happened since is not in it.
 */
export function planBurn(name: WindowName, samples: readonly UsageSample[]): Burn | null {
  const newest = samples.at(-1);
  if (!newest) return null;
  const { leastMs, mostMs } = BURN_SPANS[name];
  const newestMs = Date.parse(newest.at);
  const counted = samples.filter(
    (sample) => isSameWindow(sample, newest) && Date.parse(sample.at) >= newestMs - mostMs,
  );
  const first = counted[0];
  const spanMs = first ? newestMs - Date.parse(first.at) : 0;
  if (!first || spanMs < leastMs) return null;
  const percent = Math.max(0, newest.usedPercent - first.usedPercent);
  const percentPerHour = (percent * HOUR_MS) / spanMs;
  return {
    percentPerHour,
    overMinutes: Math.round(spanMs / MINUTE_MS),
    runsOutAt: runsOutAt(newest, percentPerHour),
  };
}

function runsOutAt({ at, usedPercent, resetsAt }: UsageSample, percentPerHour: number) {
  if (usedPercent >= 100) return at;
  if (percentPerHour === 0) return null;
  const ms = Date.parse(at) + ((100 - usedPercent) / percentPerHour) * HOUR_MS;
  return ms < Date.parse(resetsAt) ? new Date(ms).toISOString() : null;
}

/** Percent of the window that was used between two measurements. */
export interface Use {
  readonly atMs: number;
  readonly percent: number;
}

/** What was used, sample by sample, oldest first: within one window use only grows, and a window that begins anew begins at nothing. */
export function planUse(samples: readonly UsageSample[]): readonly Use[] {
  const uses: Use[] = [];
  let highest: UsageSample | null = null;
  for (const sample of samples) {
    const before: number = highest && isSameWindow(highest, sample) ? highest.usedPercent : 0;
    // Of a first sample nobody knows when what it tells was used.
    const percent = highest === null ? 0 : Math.max(0, sample.usedPercent - before);
    if (percent > 0) uses.push({ atMs: Date.parse(sample.at), percent });
    if (!highest || !isSameWindow(highest, sample) || sample.usedPercent > highest.usedPercent)
      highest = sample;
  }
  return uses;
}

/** The most that was used within any span of this length. */
export function peakUse(uses: readonly Use[], spanMs: number): number {
  let peak = 0;
  let sum = 0;
  let first = 0;
  for (const use of uses) {
    sum += use.percent;
    while ((uses[first]?.atMs ?? use.atMs) <= use.atMs - spanMs) {
      sum -= uses[first]?.percent ?? 0;
      first += 1;
    }
    peak = Math.max(peak, sum);
  }
  return peak;
}
