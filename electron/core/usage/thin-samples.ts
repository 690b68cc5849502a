import type { UsageSample } from "../../../shared/model/usage-report.ts";
import { isSameWindow } from "../../../shared/model/usage-window.ts";

/**
 * At most about `most` of these samples, oldest first: the last of each stretch of time. The last one before a window began anew stays
 * too, because that is the highest.
 */
export function thinSamples(samples: readonly UsageSample[], most: number): readonly UsageSample[] {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || samples.length <= most) return samples;
  const fromMs = Date.parse(first.at);
  const stretchMs = Math.max(1, (Date.parse(last.at) - fromMs) / most);
  const stretchOf = ({ at }: UsageSample) => Math.floor((Date.parse(at) - fromMs) / stretchMs);
  return samples.filter((sample, index) => {
    const next = samples[index + 1];
    return !next || stretchOf(next) !== stretchOf(sample) || !isSameWindow(next, sample);
  });
}
