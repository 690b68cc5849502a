import { z } from "zod";
import { Instant, ProjectName, TaskId } from "./ids.ts";

/** A test that was red and then green on the very same tree. */
export const FlakyTest = z.object({
  /** As its runner names it. */
  test: z.string(),
  /** The check it is part of. */
  command: z.string(),
  /** How often it flipped in the last 50 runs of that check. */
  flips: z.number().int().nonnegative(),
  /** Since when it is quarantined and until when; null: it is watched alone. */
  since: Instant.nullable(),
  until: Instant.nullable(),
  /** The task to mend it. */
  task: TaskId.nullable(),
});
export type FlakyTest = z.infer<typeof FlakyTest>;

/** The tests of a project that cannot be relied on. */
export const FlakyTests = z.object({
  project: ProjectName,
  /** How many tests its checks are known to run. */
  known: z.number().int().nonnegative(),
  /** How many of them may be quarantined at once. */
  max: z.number().int().nonnegative(),
  /** Quarantined ones first. */
  tests: z.array(FlakyTest),
});
export type FlakyTests = z.infer<typeof FlakyTests>;
