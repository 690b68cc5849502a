import { z } from "zod";
import { ToldClash } from "./forecast.ts";
import { Task } from "./task.ts";

/** Why a task is not running, one sentence for each thing in its way; empty while it is worked on or has landed. */
export const TaskWhy = z.object({
  task: Task,
  reasons: z.array(
    z.object({ kind: z.string(), text: z.string(), subject: z.string().nullable() }),
  ),
  /** What its branch will conflict with, also while it is worked on. */
  clashes: z.array(ToldClash),
});
export type TaskWhy = z.infer<typeof TaskWhy>;
