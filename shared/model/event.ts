import { z } from "zod";
import { Instant } from "./ids.ts";

/** What happened, once, in the order of `seq`. `subject` is the id of the row that changed in the same transaction. */
export const Event = z.object({
  seq: z.number().int().positive(),
  at: Instant,
  /** `<noun>.<what>`, e.g. `task.status`, `queue.landed`. */
  kind: z.string(),
  subject: z.string(),
  data: z.record(z.string(), z.unknown()),
  /** Who or what brought it about: `person`, `dispatcher`, `worker s-3`, `queue`, `recovery`. */
  cause: z.string(),
});
export type Event = z.infer<typeof Event>;
