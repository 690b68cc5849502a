import { type CheckResult, hasPassed } from "../../shared/model/check.ts";
import type { PlanState } from "../../shared/model/plan.ts";
import type { ProfileState } from "../../shared/model/profile.ts";
import type { EntryState } from "../../shared/model/queue-entry.ts";
import type { SessionState } from "../../shared/model/session.ts";
import type { TaskStatus } from "../../shared/model/task.ts";
import { PROFILE_STATE_WORDS } from "../../shared/model/word-capacity.ts";

/** How a state is told: always a word and a shape, never a colour alone. */
export interface StateLook {
  readonly word: string;
  readonly tone: "quiet" | "busy" | "good" | "warn" | "bad" | "review";
  readonly shape:
    | "disc"
    | "ring"
    | "dashed"
    | "half"
    | "triangle"
    | "square"
    | "diamond"
    | "pause"
    | "clock"
    | "check"
    | "cross"
    | "question"
    | "eye";
}

const look = (word: string, tone: StateLook["tone"], shape: StateLook["shape"]): StateLook => ({
  word,
  tone,
  shape,
});

export const sessionLook: Readonly<Record<SessionState, StateLook>> = {
  starting: look("Starting", "busy", "dashed"),
  working: look("Working", "busy", "disc"),
  "needs-input": look("Needs input", "warn", "triangle"),
  idle: look("Idle", "quiet", "ring"),
  limited: look("Limited", "warn", "clock"),
  interrupted: look("Interrupted", "warn", "pause"),
  stopped: look("Stopped", "quiet", "square"),
  ended: look("Ended", "good", "check"),
  failed: look("Failed", "bad", "cross"),
  unknown: look("Unknown", "quiet", "question"),
};

export const taskLook: Readonly<Record<TaskStatus, StateLook>> = {
  draft: look("Draft", "quiet", "dashed"),
  waiting: look("Waiting", "quiet", "half"),
  ready: look("Ready", "quiet", "ring"),
  running: look("Running", "busy", "disc"),
  parked: look("Parked", "warn", "clock"),
  "needs-input": look("Needs input", "warn", "triangle"),
  queued: look("Queued", "review", "diamond"),
  landed: look("Landed", "good", "check"),
  failed: look("Failed", "bad", "cross"),
  cancelled: look("Cancelled", "quiet", "square"),
};

export const entryLook: Readonly<Record<EntryState, StateLook>> = {
  queued: look("Queued", "quiet", "ring"),
  preparing: look("Preparing", "busy", "dashed"),
  checking: look("Checking", "busy", "disc"),
  "awaiting-approval": look("Awaiting approval", "review", "eye"),
  proposed: look("Proposed", "review", "half"),
  landing: look("Landing", "busy", "diamond"),
  landed: look("Landed", "good", "check"),
  returned: look("Returned", "bad", "cross"),
  held: look("Held", "warn", "pause"),
  removed: look("Removed", "quiet", "square"),
};

const profile = (state: ProfileState, tone: StateLook["tone"], shape: StateLook["shape"]) =>
  look(PROFILE_STATE_WORDS[state], tone, shape);

export const profileLook: Readonly<Record<ProfileState, StateLook>> = {
  ready: profile("ready", "good", "check"),
  unchecked: profile("unchecked", "quiet", "question"),
  "signed-out": profile("signed-out", "bad", "cross"),
  resting: profile("resting", "warn", "clock"),
  incident: profile("incident", "bad", "triangle"),
  disabled: profile("disabled", "quiet", "square"),
};

export const planLook: Readonly<Record<PlanState, StateLook>> = {
  draft: look("Draft", "quiet", "dashed"),
  active: look("Active", "busy", "disc"),
  paused: look("Paused", "warn", "pause"),
  cancelled: look("Cancelled", "quiet", "square"),
};

export function checkLook(result: Pick<CheckResult, "exitCode" | "tests">): StateLook {
  if (result.exitCode === 0) return look("Passed", "good", "check");
  if (hasPassed(result)) return look("Passed, flaky aside", "warn", "check");
  if (result.exitCode === null) return look("Did not finish", "warn", "triangle");
  return look(`Exit ${result.exitCode}`, "bad", "cross");
}
