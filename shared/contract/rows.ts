import { z } from "zod";
import { Ask } from "../model/ask.ts";
import { Event } from "../model/event.ts";
import { Fleet } from "../model/fleet.ts";
import { ProfileName, ProjectName } from "../model/ids.ts";
import { Plan } from "../model/plan.ts";
import { Profile } from "../model/profile.ts";
import { Project } from "../model/project.ts";
import { QueueEntry } from "../model/queue-entry.ts";
import { Session } from "../model/session.ts";
import { Task } from "../model/task.ts";

/** Current rows, whole. A window that holds these and every `changed` since has the truth. */
export const Rows = z.object({
  projects: z.array(Project),
  profiles: z.array(Profile),
  plans: z.array(Plan),
  tasks: z.array(Task),
  sessions: z.array(Session),
  entries: z.array(QueueEntry),
  /** In a snapshot the open ones; in a change also those that were just closed. */
  asks: z.array(Ask),
  /** One row. */
  fleet: z.array(Fleet),
});
export type Rows = z.infer<typeof Rows>;

export const Changed = z.object({
  /** The newest event taken into account. Gauges (context, cost, windows) change without one. */
  seq: z.number().int().nonnegative(),
  events: z.array(Event),
  rows: Rows.partial(),
  removed: z.object({ projects: z.array(ProjectName), profiles: z.array(ProfileName) }),
});
export type Changed = z.infer<typeof Changed>;

export const Snapshot = z.object({
  seq: z.number().int().nonnegative(),
  rows: Rows,
  recent: z.array(Event),
});
export type Snapshot = z.infer<typeof Snapshot>;
