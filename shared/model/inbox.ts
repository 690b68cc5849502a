import { z } from "zod";
import { Ask } from "./ask.ts";
import { EntryId, Instant, ProjectName, SessionId, TaskId } from "./ids.ts";

/**
 * `dialog`: its pane shows something that only its pane can answer; `blocked`: its worker said it cannot go on;
 * `stuck`: a session, task, landing, merge queue or push that stopped and does not go on before the person did something; `watchdog`: it runs and is suspected of going astray;
 * `review`: finished work that waits for a yes.
 */
export const InboxKind = z.enum([
  "permission",
  "question",
  "plan",
  "gate",
  "dialog",
  "blocked",
  "stuck",
  "watchdog",
  "review",
]);
export type InboxKind = z.infer<typeof InboxKind>;

/** One thing that waits for the person. `id` is that of the ask, task, session or queue entry it is about, or `queue:` or `push:` with the project. */
export const InboxItem = z.object({
  id: z.string(),
  kind: InboxKind,
  title: z.string(),
  text: z.string(),
  since: Instant,
  project: ProjectName.nullable(),
  task: TaskId.nullable(),
  session: SessionId.nullable(),
  entry: EntryId.nullable(),
  /** Set when it can be answered from here. */
  ask: Ask.nullable(),
});
export type InboxItem = z.infer<typeof InboxItem>;
