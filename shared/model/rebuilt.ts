import { z } from "zod";
import { EntryId, TaskId } from "./ids.ts";

/** What was taken over from a repository whose store is lost. */
export const Rebuilt = z.object({
  /** Entries that the target's history tells of, and the store now too. */
  landed: z.array(EntryId).readonly(),
  /** Landings whose number is that of something else here. */
  skipped: z.number().int().nonnegative(),
  /** Tasks made for work that was queued and had not landed; a person says what becomes of them. */
  waiting: z.array(TaskId).readonly(),
  /** Where other such work is kept, of which no branch tells the task. */
  kept: z.array(z.string()).readonly(),
});
export type Rebuilt = z.infer<typeof Rebuilt>;
