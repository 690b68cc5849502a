import { z } from "zod";
import { Instant } from "./ids.ts";

/** One moment of a session's terminal. */
export const TerminalMoment = z.object({
  at: Instant,
  /** How many bytes its log had. */
  offset: z.number().int().nonnegative(),
  cols: z.number().int(),
  rows: z.number().int(),
  /** The beginning of what was sent to its worker then; null: nothing was. */
  prompt: z.string().nullable(),
});
export type TerminalMoment = z.infer<typeof TerminalMoment>;
