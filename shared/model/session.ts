import { z } from "zod";
import { Instant, ProfileName, ProjectName, SessionId, TaskId } from "./ids.ts";
import { PermissionMode } from "./permission-mode.ts";

export const SessionState = z.enum([
  "starting",
  "working",
  "needs-input",
  "idle",
  "limited",
  "interrupted",
  "stopped",
  "ended",
  "failed",
  "unknown",
]);
export type SessionState = z.infer<typeof SessionState>;

/** A live session holds a slot of its profile: its process exists, may exist, or is about to. */
export function isLive(state: SessionState): boolean {
  return state !== "stopped" && state !== "ended" && state !== "failed";
}

/** What a state rests on: a signal of the provider's and when it came. */
export const Evidence = z.object({
  signal: z.string(),
  at: Instant,
  detail: z.string().nullable(),
});
export type Evidence = z.infer<typeof Evidence>;

export const SessionKind = z.enum(["worker", "sign-in"]);
export type SessionKind = z.infer<typeof SessionKind>;

/** How a session came to hold its work after something broke, best first. */
export const Rung = z.enum(["reattached", "resumed", "re-dispatched", "needs-you"]);
export type Rung = z.infer<typeof Rung>;

/** What a watchdog suspects of a session that runs, and how far it has gone about it. */
export const Concern = z.object({
  kind: z.enum(["silent", "no-commits", "repeats", "fleet-share", "budget"]),
  text: z.string(),
  step: z.enum(["told", "interrupted", "paused"]),
  at: Instant,
});
export type Concern = z.infer<typeof Concern>;

/**
 * The session that had its conversation before, at another profile. It is `trying` until this profile has answered a turn, `moved`
 * from then on; `undone` when it did not, and the conversation went back.
 */
export const MovedFrom = z.object({
  session: SessionId,
  profile: ProfileName,
  step: z.enum(["trying", "moved", "undone"]),
});
export type MovedFrom = z.infer<typeof MovedFrom>;

/** One run of a provider in a pseudo-terminal; a task may need several. */
export const Session = z.object({
  id: SessionId,
  kind: SessionKind,
  name: z.string(),
  pinned: z.boolean(),
  labels: z.array(z.string()),
  task: TaskId.nullable(),
  project: ProjectName.nullable(),
  profile: ProfileName,
  provider: z.literal("claude"),
  /** The conversation id, chosen by us; two sessions of one conversation never live at once. */
  providerSession: z.uuid(),
  state: SessionState,
  reason: z.string().nullable(),
  since: Instant,
  /** Newest last, at most 8. */
  evidence: z.array(Evidence),
  placement: z.object({ strategy: z.string(), reason: z.string() }),
  /** The newest rung of the recovery ladder it stands on; null when nothing ever broke. */
  recovery: z.object({ rung: Rung, reason: z.string(), at: Instant }).nullable(),
  concern: Concern.nullable(),
  /** Null: its conversation did not come from another profile. */
  movedFrom: MovedFrom.nullable(),
  /** What it was started with; null before its start, and for a sign-in. */
  permissionMode: PermissionMode.nullable(),
  context: z
    .object({
      tokens: z.number().int().nonnegative(),
      window: z.number().int().positive(),
      /** Tokens at which it is asked to hand over to a fresh session; absent or null: it is not. */
      handoffAt: z.number().positive().nullable().optional(),
    })
    .nullable(),
  costUsd: z.number().nonnegative().nullable(),
  pid: z.number().int().positive().nullable(),
  exit: z.object({ code: z.number().int().nullable(), signal: z.string().nullable() }).nullable(),
  /** The sign-in link its program asked to open, while it waits for it. It comes back to this machine. */
  link: z.string().nullable(),
  /** The sign-in link it printed, meanwhile: its page shows a code to paste, so it can be opened on any device. */
  codeLink: z.string().nullable(),
  startedAt: Instant,
  endedAt: Instant.nullable(),
});
export type Session = z.infer<typeof Session>;
