import { z } from "zod";
import { Instant, PlanId, ProjectName } from "./ids.ts";

export const PlanState = z.enum(["draft", "active", "paused", "cancelled"]);
export type PlanState = z.infer<typeof PlanState>;

/** A plan groups tasks; its tasks are handed out while it is active. */
export const Plan = z.object({
  id: PlanId,
  project: ProjectName,
  title: z.string().min(1).max(200),
  state: PlanState,
  createdAt: Instant,
});
export type Plan = z.infer<typeof Plan>;
