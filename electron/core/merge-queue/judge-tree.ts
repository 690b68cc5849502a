import { type Check, type CheckResult, hasPassed } from "../../../shared/model/check.ts";
import type { Instant } from "../../../shared/model/ids.ts";
import type { Verdict } from "../store/store.ts";

export interface Judgement {
  /** Since when it is known that each of the checks passes; null while it is not. */
  readonly greenAt: Instant | null;
  /** How often one of the checks failed there. */
  readonly reds: number;
  /** What failed last. */
  readonly failed: CheckResult | null;
}

/**
 * What is known of one tree and one set of checks, from all verdicts on that tree, newest first. What passed counts whatever ran
 * beside it or failed after it; a red counts when what failed is one of these, or the set-up before them. Reds from before `since` are no longer true of the
 * world around it.
 */
export function judgeTree(
  verdicts: readonly Verdict[],
  checks: readonly Pick<Check, "run">[],
  since: Instant,
  setUp: Pick<Check, "run"> | null = null,
): Judgement {
  const wanted = new Set(checks.map(({ run }) => run));
  const failing = new Set([...wanted, ...(setUp ? [setUp.run] : [])]);
  const passes = [...wanted].map((command) => {
    return verdicts.find((verdict) => isPassedIn(verdict, command));
  });
  const failures = verdicts.flatMap(({ isGreen, results, at }) => {
    const last = results.at(-1);
    return !isGreen && last && failing.has(last.command) && at > since ? [last] : [];
  });
  const times = passes.flatMap((pass) => pass?.at ?? []).toSorted();
  const isGreen = wanted.size > 0 && times.length === wanted.size;
  return {
    greenAt: isGreen ? (times[0] ?? null) : null,
    reds: failures.length,
    failed: failures[0] ?? null,
  };
}

/**
 * Those that count where checks would run now. A verdict of before the environment was kept counts until one is known: the
 * first run on its tree puts an end to that.
 */
export function countingIn(envHash: string, verdicts: readonly Verdict[]): readonly Verdict[] {
  const isAnyKnown = verdicts.some((each) => each.envHash !== null);
  return verdicts.filter((each) => each.envHash === (isAnyKnown ? envHash : null));
}

/** The latest of these; one that lies ahead was told by a clock that has been set back since, and would make no red count. */
export function latestUntil(now: Instant, times: readonly Instant[]): Instant {
  return (
    times
      .filter((time) => time <= now)
      .toSorted()
      .at(-1) ?? ""
  );
}

function isPassedIn({ isGreen, results }: Verdict, wanted: string): boolean {
  return results.some((each) => each.command === wanted && (isGreen || hasPassed(each)));
}
