import type { Check, CheckResult } from "../../../shared/model/check.ts";
import type { Instant } from "../../../shared/model/ids.ts";
import type { Verdict } from "../store/store.ts";

export interface Judgement {
  /** The newest verdict that covers all of the checks and says that they passed. */
  readonly green: Verdict | null;
  /** How often one of the checks failed there. */
  readonly reds: number;
  /** What failed last. */
  readonly failed: CheckResult | null;
}

/**
 * What is known of one tree and one set of checks, from all verdicts on that tree, newest first. A green of more checks is one of
 * these too; a red counts when what failed is one of these. Reds from before `since` are no longer true of the world around it.
 */
export function judgeTree(
  verdicts: readonly Verdict[],
  checks: readonly Check[],
  since: Instant,
): Judgement {
  const wanted = new Set(checks.map(({ run }) => run));
  const green = verdicts.find((verdict) => {
    const ran = new Set(verdict.results.map(({ command }) => command));
    return verdict.isGreen && [...wanted].every((command) => ran.has(command));
  });
  const failures = verdicts.flatMap(({ isGreen, results, at }) => {
    const last = results.at(-1);
    return !isGreen && last && wanted.has(last.command) && at > since ? [last] : [];
  });
  return { green: green ?? null, reds: failures.length, failed: failures[0] ?? null };
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
