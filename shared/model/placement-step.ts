import { z } from "zod";
import { ProfileName, TaskId } from "./ids.ts";
import { TaskWhy } from "./task-why.ts";

/** What would happen with one task of a plan, by its profiles as they are now. */
export const PlacementStep = z.object({
  task: TaskId,
  title: z.string(),
  /** 1: at once; 2: when all of the first round has landed, and so on. 0: under way. Null: not by itself. */
  round: z.number().int().nonnegative().nullable(),
  profile: ProfileName.nullable(),
  strategy: z.string().nullable(),
  /** Why this profile. */
  reason: z.string().nullable(),
  /** Why it does not start at once; empty when it does. */
  waitsFor: TaskWhy.shape.reasons,
});
export type PlacementStep = z.infer<typeof PlacementStep>;
