import type { Check, CheckResult } from "../../../shared/model/check.ts";

/** Without a stage of its own a check belongs to this one. */
const USUAL_STAGE = 1;

/**
 * Checks in the order in which they run: by stage, within one as they were given or, by `cheapest`, in the order of how long they took
 * when they last passed; one that never did goes last. What a later check needs of an earlier one holds the given order.
 */
export function planCheckOrder(
  checks: readonly Check[],
  order: "given" | "cheapest",
  earlier: readonly CheckResult[],
): readonly Check[] {
  const tookMs = order === "given" ? () => 0 : learnTimes(earlier);
  return checks.toSorted(
    (a, b) => (a.stage ?? USUAL_STAGE) - (b.stage ?? USUAL_STAGE) || tookMs(a) - tookMs(b),
  );
}

function learnTimes(earlier: readonly CheckResult[]): (check: Check) => number {
  const times = new Map<string, number[]>();
  for (const { command, exitCode, durationMs } of earlier) {
    if (exitCode === 0) times.set(command, [...(times.get(command) ?? []), durationMs]);
  }
  return ({ run }) => {
    const sorted = (times.get(run) ?? []).sort((a, b) => a - b);
    // The one below the middle of an even number: a time that was taken and no mean of two.
    return sorted[(sorted.length - 1) >> 1] ?? Number.MAX_SAFE_INTEGER;
  };
}
