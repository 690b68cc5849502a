import { z } from "zod";
import { Instant, Oid, ProjectName, TaskId } from "./ids.ts";

/** A worktree that was taken away. Everything in it is kept in git for 30 days, and it can be put back. */
export const Removal = z.object({
  id: z.number().int().positive(),
  task: TaskId,
  project: ProjectName,
  path: z.string(),
  branch: z.string(),
  head: Oid,
  /** Holds what was not committed, on top of `head`; null when all of it was. */
  rescue: z.string().nullable(),
  why: z.string(),
  at: Instant,
  restoredAt: Instant.nullable(),
});
export type Removal = z.infer<typeof Removal>;
