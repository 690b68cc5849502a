import { randomBytes } from "node:crypto";
import type { Session } from "../../../shared/model/session.ts";
import type { SessionRecord, Store, TaskRecord } from "../store/store.ts";
import type { TaskEvent } from "../task/task-machine.ts";
import type { TaskSteps } from "./task-steps.ts";

/** How wide a pane is before any window has shown it. */
const COLS = 120;
const ROWS = 32;

interface Claim extends Pick<Session, "profile" | "placement" | "recovery" | "movedFrom"> {
  readonly conversation: string;
  /** The conversation has begun before. */
  readonly isResumed: boolean;
  readonly cwd: string;
  /** What lets the task run. */
  readonly event: TaskEvent & { readonly kind: "claimed" | "unparked" };
  /** What else changes of it. */
  readonly more?: Pick<Partial<TaskRecord>, "handback">;
}

/**
 * Gives a task to a new session, which holds a slot from then on and is still to be started. Inside a transaction: `record` is its.
 * Throws `cap-full` when the profile has no slot, `wrong-state` when another session lives in the conversation or on the task.
 */
export function claimSession(
  { store, steps }: { readonly store: Store; readonly steps: TaskSteps },
  record: Parameters<Parameters<Store["write"]>[1]>[0],
  task: TaskRecord,
  claim: Claim,
): { readonly session: SessionRecord; readonly task: TaskRecord } {
  const { profile, placement, recovery, movedFrom, conversation, isResumed, cwd } = claim;
  const session = store.sessions.insert({
    kind: "worker",
    name: `${task.id} ${task.title}`.slice(0, 80),
    pinned: false,
    task: task.id,
    project: task.project,
    profile,
    provider: "claude",
    providerSession: conversation,
    state: "starting",
    reason: null,
    placement,
    token: randomBytes(32).toString("base64url"),
    cwd,
    cols: COLS,
    rows: ROWS,
    isResumed,
    recovery,
    movedFrom,
  });
  steps.apply(task.id, claim.event, "dispatcher", {
    ...claim.more,
    session: session.id,
    profile,
    attempts: task.attempts + 1,
    reminders: 0,
    progress: null,
  });
  store.intents.open("start-session", session.id, { task: task.id });
  if (recovery) {
    const { rung, reason } = recovery;
    record("session.recovery", session.id, { rung, reason, task: task.id });
  }
  record("session.claimed", session.id, { task: task.id, profile, reason: placement.reason });
  return { session, task: steps.require(task.id) };
}
