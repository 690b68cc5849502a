import { z } from "zod";

/** A command whose exit status says whether a commit may land. */
export const Check = z.object({
  name: z.string().min(1).max(80),
  run: z.string().min(1).max(4096),
  timeoutMs: z.number().int().positive(),
});
export type Check = z.infer<typeof Check>;

export const CHECK_TIMEOUT_MS = 30 * 60_000;

/** How one check ended. `exitCode` is null when it was killed or could not start; `reason` then says why. */
export const CheckResult = z.object({
  name: z.string(),
  command: z.string(),
  exitCode: z.number().int().nullable(),
  durationMs: z.number().nonnegative(),
  reason: z.string().nullable(),
  /** The end of its output, at most 8 KiB. */
  tail: z.string(),
});
export type CheckResult = z.infer<typeof CheckResult>;
