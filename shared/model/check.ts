import { z } from "zod";

/** A command whose exit status says whether a commit may land. */
export const Check = z.object({
  name: z.string().min(1).max(80),
  run: z.string().min(1).max(4096),
  timeoutMs: z.number().int().positive(),
  /** Checks of an earlier stage run first, and a red one ends the run; 1 when absent. */
  stage: z.number().int().min(1).max(9).optional(),
});
export type Check = z.infer<typeof Check>;

export const CHECK_TIMEOUT_MS = 30 * 60_000;

/** What a check's output, or a report it wrote, says of the tests that ran. */
export const TestsRun = z.object({
  /** By whose words it was read. */
  runner: z.string(),
  passed: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
  skipped: z.number().int().nonnegative(),
  /** At most 100 names. */
  failures: z.array(z.string()),
  /** Those of them that are quarantined. */
  quarantined: z.array(z.string()),
  /** All that failed are named, and nothing else went wrong that was said. */
  isWhole: z.boolean(),
  /** The check fails by quarantined tests alone, and counts as passed. */
  isExcused: z.boolean(),
});
export type TestsRun = z.infer<typeof TestsRun>;

/**
 * How one check ended. `exitCode` is null when it was killed, could not start, or ended without the tests that it is known to run;
 * `reason` then says why.
 */
export const CheckResult = z.object({
  name: z.string(),
  command: z.string(),
  exitCode: z.number().int().nullable(),
  durationMs: z.number().nonnegative(),
  reason: z.string().nullable(),
  /** The end of its output, at most 8 KiB. */
  tail: z.string(),
  /** Absent where no run of tests was read. */
  tests: TestsRun.optional(),
});
export type CheckResult = z.infer<typeof CheckResult>;

export function hasPassed({ exitCode, tests }: Pick<CheckResult, "exitCode" | "tests">): boolean {
  return exitCode === 0 || tests?.isExcused === true;
}
