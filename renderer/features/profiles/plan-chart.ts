import type { UsageSample } from "../../../shared/model/usage-report.ts";
import { isSameWindow } from "../../../shared/model/usage-window.ts";

export interface Point {
  /** 0 to 1, from the left. */
  readonly x: number;
  /** 0 to 1, from the bottom. */
  readonly y: number;
}

/**
 * The lines of one profile over a span of time, one for each window that was measured, so that nothing is drawn between the end of
 * one and the first measurement of the next.
 */
export function planLines(
  samples: readonly UsageSample[],
  fromMs: number,
  toMs: number,
): readonly (readonly Point[])[] {
  const lines: Point[][] = [];
  let before: UsageSample | null = null;
  for (const sample of samples) {
    const atMs = Date.parse(sample.at);
    if (atMs < fromMs || atMs > toMs) continue;
    if (!before || !isSameWindow(before, sample)) lines.push([]);
    const y = Math.min(100, sample.usedPercent) / 100;
    lines.at(-1)?.push({ x: (atMs - fromMs) / (toMs - fromMs), y });
    before = sample;
  }
  return lines;
}

/** The highest percentage of each of `count` equal parts of the span; null where nothing was measured. */
export function planPeaks(
  samples: readonly UsageSample[],
  fromMs: number,
  toMs: number,
  count: number,
): readonly (number | null)[] {
  const peaks: (number | null)[] = Array.from({ length: count }, () => null);
  for (const { at, usedPercent } of samples) {
    const part = Math.floor(((Date.parse(at) - fromMs) / (toMs - fromMs)) * count);
    const index = Date.parse(at) === toMs ? count - 1 : part;
    if (index < 0 || index >= count) continue;
    peaks[index] = Math.max(peaks[index] ?? 0, Math.round(usedPercent));
  }
  return peaks;
}
