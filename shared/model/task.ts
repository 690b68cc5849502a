import { z } from "zod";
import { Check, CheckResult } from "./check.ts";
import { Instant, Oid, PlanId, ProfileName, ProjectName, SessionId, TaskId } from "./ids.ts";
import { PermissionMode } from "./permission-mode.ts";

export const TaskStatus = z.enum([
  "draft",
  "waiting",
  "ready",
  "running",
  "parked",
  "needs-input",
  "queued",
  "landed",
  "failed",
  "cancelled",
]);
export type TaskStatus = z.infer<typeof TaskStatus>;

/** A task is over when nothing moves it but a person. */
export function isOver(status: TaskStatus): boolean {
  return status === "landed" || status === "failed" || status === "cancelled";
}

/** 1 is the most urgent, 5 the least. */
export const Priority = z.number().int().min(1).max(5);
export const DEFAULT_PRIORITY = 3;

/** As a person gives it: one line, without the characters that steer a terminal. */
export const Title = z
  .string()
  .trim()
  .min(1, "a title cannot be empty")
  .max(200, "a title has at most 200 characters; the rest goes into the body")
  .regex(/^\P{Cc}*$/u, "a title is one line of plain text; the rest goes into the body");

const BODY_MAX = 100_000;
/** As a person gives it. It travels as one argument of a program, which has a size in bytes and which a zero byte would end. */
export const Body = z
  .string()
  .refine(
    (text) => countBytes(text) <= BODY_MAX,
    "a body has at most 100,000 bytes; put the rest into a file of the repository and name it here",
  )
  .regex(/^[^\0]*$/, "a body is text, and this one holds a zero byte");

export const Task = z.object({
  id: TaskId,
  project: ProjectName,
  plan: PlanId.nullable(),
  title: z.string().min(1).max(200),
  body: z.string().max(BODY_MAX),
  status: TaskStatus,
  /** Why it is where it is, in words; null when the status says it all. */
  reason: z.string().nullable(),
  since: Instant,
  priority: Priority,
  after: z.array(TaskId),
  labels: z.array(z.string()),
  /** Globs of the paths it means to touch. */
  paths: z.array(z.string()),
  pinnedProfile: ProfileName.nullable(),
  model: z.string().nullable(),
  /** Its own; null: as the project's settings say. */
  permissionMode: PermissionMode.nullable(),
  /** Its own acceptance checks, on top of the project's. */
  acceptance: z.array(Check),
  branch: z.string().nullable(),
  worktree: z.string().nullable(),
  /** The session that holds the task now, or held it last. */
  session: SessionId.nullable(),
  profile: ProfileName.nullable(),
  /** How many sessions have been started for it. */
  attempts: z.number().int().nonnegative(),
  /** How many handoff notes its sessions have written. */
  handoffs: z.number().int().nonnegative(),
  /** Commits on its branch beyond where it left the target. */
  commits: z.number().int().nonnegative(),
  /** Results of its checks at the last `task_done`. */
  checks: z.array(CheckResult),
  progress: z
    .object({ note: z.string(), percent: z.number().min(0).max(100).nullable() })
    .nullable(),
  /** What the worker said it did, at its last `task_done`. */
  summary: z.string().nullable(),
  landed: z.object({ commit: Oid, at: Instant }).nullable(),
  createdAt: Instant,
});
export type Task = z.infer<typeof Task>;

/** In UTF-8. */
function countBytes(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
