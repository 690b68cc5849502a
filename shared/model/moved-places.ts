import { z } from "zod";
import { TaskId } from "./ids.ts";

/** What changes, or has changed, when a project follows its repository to another place. */
export const ProjectMove = z.object({
  from: z.string(),
  to: z.string(),
  /** Worktrees of open tasks, where they lie now; these, and all others, are told where the repository lies. */
  worktrees: z.array(z.string()),
  /** Open tasks whose worktree is not at its place and was not found near by, or could not be taken along. */
  lost: z.array(z.object({ task: TaskId, was: z.string() })),
  /** False in a preview: nothing has been changed. */
  isDone: z.boolean(),
});
export type ProjectMove = z.infer<typeof ProjectMove>;

/** What changes, or has changed, when a task follows its worktree to another place. */
export const WorktreeRepair = z.object({
  task: TaskId,
  was: z.string(),
  now: z.string(),
  branch: z.string().nullable(),
  isDone: z.boolean(),
});
export type WorktreeRepair = z.infer<typeof WorktreeRepair>;
