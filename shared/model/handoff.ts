import { z } from "zod";
import { Instant, SessionId, TaskId } from "./ids.ts";

/** What one session leaves to the next one of its task. */
export const HandoffNote = z.object({
  done: z.string(),
  remaining: z.string(),
  decisions: z.string().nullable(),
  files: z.array(z.string()),
  /** How to check what was done. */
  check: z.string().nullable(),
});
export type HandoffNote = z.infer<typeof HandoffNote>;

/** A numbered note of a task, also kept as `sessions/<session>/handoff-<number>.md`. */
export const Handoff = z.object({
  task: TaskId,
  /** Counted from 1 in its task. */
  number: z.number().int().positive(),
  session: SessionId,
  /** Who wrote it: the worker when it was asked, or the supervisor from what it could see. */
  by: z.enum(["worker", "supervisor"]),
  note: HandoffNote,
  at: Instant,
});
export type Handoff = z.infer<typeof Handoff>;
