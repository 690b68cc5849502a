import { z } from "zod";

/** What is committed on a branch beyond its target. */
export const BranchChange = z.object({
  branch: z.string(),
  commits: z.number().int().nonnegative(),
  files: z.number().int().nonnegative(),
  /** Lines; those of binary files are not counted. */
  added: z.number().int().nonnegative(),
  removed: z.number().int().nonnegative(),
});
export type BranchChange = z.infer<typeof BranchChange>;
