import { z } from "zod";
import { Instant } from "./ids.ts";

/** Whether work goes out at all. A person halts the whole fleet with one act and lets it go on with another. */
export const Fleet = z.object({
  isHalted: z.boolean(),
  reason: z.string().nullable(),
  since: Instant,
});
export type Fleet = z.infer<typeof Fleet>;
