import { z } from "zod";

/** How many runs of checks go on beside each other while the merge queue looks for the entry that fails, where it finds that out by itself. */
export const ParallelChecks = z.object({
  atOnce: z.number().int().min(1),
  /** The measurement, or what is in its way; without numbers that change from one look to the next. */
  why: z.string(),
});
export type ParallelChecks = z.infer<typeof ParallelChecks>;

/** `2 at a time: measured 1.12x`. */
export function describeParallelChecks({ atOnce, why }: ParallelChecks): string {
  return `${atOnce} at a time: ${why}`;
}
