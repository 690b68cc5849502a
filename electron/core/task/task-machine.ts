import type { TaskStatus } from "../../../shared/model/task.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";

export interface TaskState {
  readonly status: TaskStatus;
  readonly reason: string | null;
  /** Abnormal ends of its sessions in a row; a session that was healthy for a minute, a person's retry and a return from the queue clear it. */
  readonly failures: number;
}

export type TaskEvent =
  /** What its plan and its dependencies say, whenever one of them changed. */
  | { readonly kind: "surveyed"; readonly isDraft: boolean; readonly waitsFor: readonly string[] }
  | { readonly kind: "claimed" }
  /** Its session asks the person something, or its worker called `task_blocked`. */
  | { readonly kind: "person-needed"; readonly reason: string }
  | { readonly kind: "person-answered" }
  /** Its session cannot go on for a reason that is nobody's fault. */
  | { readonly kind: "parked"; readonly reason: string }
  | { readonly kind: "unparked" }
  /** Its checks passed and its branch goes into the queue. */
  | { readonly kind: "finished" }
  /** A person has resolved its conflict, so its branch is queued as it is. */
  | { readonly kind: "resolved" }
  /** `times`: how often the queue itself has sent it back by now; 0 when a person did. */
  | { readonly kind: "returned"; readonly reason: string; readonly times: number }
  /** A person put work that had left the queue into it once more; no session works on it. */
  | { readonly kind: "queued-again" }
  | { readonly kind: "landed" }
  /** A person took what it landed off the target again. */
  | { readonly kind: "landing-undone" }
  /** Its pull request was closed without being merged. */
  | { readonly kind: "declined"; readonly reason: string }
  /** A person took its branch out of the queue. */
  | { readonly kind: "taken-out" }
  /** Its session ended before the work was done. `wasHealthy`: it worked long enough that earlier failures no longer count. */
  | {
      readonly kind: "session-ended";
      readonly reason: string;
      readonly isFailure: boolean;
      readonly wasHealthy?: boolean;
    }
  /** Its session left it to a fresh one. `number`: how often by now; above `max` a person looks at it first. */
  | { readonly kind: "handed-off"; readonly number: number; readonly max: number }
  | { readonly kind: "stopped-by-person" }
  | { readonly kind: "retry-asked" }
  | { readonly kind: "cancel-asked" };

export type TaskEffect = { readonly kind: "end-session" } | { readonly kind: "remove-entry" };

export interface TaskStep {
  readonly state: TaskState;
  readonly effects: readonly TaskEffect[];
}

/** Abnormal ends in a row after which a person is asked. */
export const FAILURES_MAX = 3;

/** Returns by the queue after which a person is asked: whoever did not mend it by then goes round in circles. */
export const RETURNS_MAX = 5;

/**
 * One task's whole life. An event that no longer fits the state changes nothing.
 *
 * Invariant: a landed task changes only when a person undoes its landing; a task leaves `queued` only by landing, by being returned, or by a person.
 */
export function stepTask(state: TaskState, event: TaskEvent): TaskStep {
  switch (event.kind) {
    case "surveyed":
      if (!isUnclaimed(state.status)) return stay(state);
      return to(state, survey(event.isDraft, event.waitsFor, state));
    case "claimed":
      return state.status === "ready"
        ? to(state, { status: "running", reason: null })
        : stay(state);
    case "person-needed":
      if (!isHeld(state.status)) return stay(state);
      return to(state, { status: "needs-input", reason: event.reason });
    case "person-answered":
      return state.status === "needs-input"
        ? to(state, { status: "running", reason: null })
        : stay(state);
    case "parked":
      return isHeld(state.status)
        ? to(state, { status: "parked", reason: event.reason })
        : stay(state);
    case "unparked":
      return state.status === "parked"
        ? to(state, { status: "running", reason: null })
        : stay(state);
    case "finished":
      if (!isHeld(state.status)) return stay(state);
      return to(state, { status: "queued", reason: null, failures: 0 });
    case "resolved":
      return isFree(state.status)
        ? to(state, { status: "queued", reason: null, failures: 0 })
        : stay(state);
    case "returned":
      return state.status === "queued" ? afterReturn(state, event) : stay(state);
    case "landed":
      return state.status === "queued"
        ? to(state, { status: "landed", reason: null })
        : stay(state);
    case "queued-again":
      if (isUnclaimed(state.status) || isRetryable(state.status))
        return to(state, { status: "queued", reason: null, failures: 0 });
      return stay(state);
    case "landing-undone":
      if (state.status !== "landed") return stay(state);
      return to(state, {
        status: "needs-input",
        reason: "its landing was undone; retry the task to go on with it, or cancel it",
      });
    case "declined":
      if (state.status !== "queued") return stay(state);
      return to(state, {
        status: "needs-input",
        reason: `${event.reason}; retry the task to go on with it, or cancel it`,
      });
    case "taken-out":
      if (state.status !== "queued") return stay(state);
      return to(state, {
        status: "needs-input",
        reason: "you took it out of the merge queue; retry it to go on",
      });
    case "session-ended":
      return isHeld(state.status) ? afterLostSession(state, event) : stay(state);
    case "handed-off":
      return isHeld(state.status) ? afterHandoff(state, event) : stay(state);
    case "stopped-by-person":
      if (!isHeld(state.status)) return stay(state);
      return to(state, {
        status: "needs-input",
        reason: "its session was stopped; retry the task to go on",
      });
    case "retry-asked":
      return isRetryable(state.status)
        ? to(state, { status: "ready", reason: null, failures: 0 }, { kind: "end-session" })
        : stay(state);
    case "cancel-asked":
      return cancel(state);
    default:
      return unreachable(event);
  }
}

/** Nobody holds it and nothing of it is under way: its status follows its plan and its dependencies. */
function isUnclaimed(status: TaskStatus): boolean {
  return status === "draft" || status === "waiting" || status === "ready";
}

/** Work on it has been done, and nobody does any now. */
function isFree(status: TaskStatus): boolean {
  return status === "ready" || status === "needs-input" || status === "failed";
}

/** A session holds it. */
export function isHeld(status: TaskStatus): boolean {
  return status === "running" || status === "needs-input" || status === "parked";
}

/** A person can send it out again. */
export function isRetryable(status: TaskStatus): boolean {
  return (
    status === "failed" || status === "cancelled" || status === "needs-input" || status === "parked"
  );
}

function survey(
  isDraft: boolean,
  waitsFor: readonly string[],
  state: TaskState,
): Partial<TaskState> {
  if (isDraft) return { status: "draft", reason: null };
  if (waitsFor.length > 0) return { status: "waiting", reason: `waits for ${waitsFor.join(", ")}` };
  return { status: "ready", reason: state.status === "ready" ? state.reason : null };
}

function afterReturn(
  state: TaskState,
  { reason, times }: Extract<TaskEvent, { kind: "returned" }>,
): TaskStep {
  if (times < RETURNS_MAX) return to(state, { status: "ready", reason, failures: 0 });
  const told = `${reason} (returned ${times} times; retry the task to let it try again)`;
  return to(state, { status: "needs-input", reason: told, failures: 0 });
}

function afterLostSession(
  state: TaskState,
  { reason, isFailure, wasHealthy }: Extract<TaskEvent, { kind: "session-ended" }>,
): TaskStep {
  if (!isFailure) return to(state, { status: "ready", reason });
  const failures = (wasHealthy ? 0 : state.failures) + 1;
  if (failures < FAILURES_MAX) return to(state, { status: "ready", reason, failures });
  return to(state, {
    status: "failed",
    reason: `${reason} (${failures} times in a row)`,
    failures,
  });
}

function afterHandoff(
  state: TaskState,
  { number, max }: Extract<TaskEvent, { kind: "handed-off" }>,
): TaskStep {
  const reason = `handed over to a fresh session (handoff ${number})`;
  if (number <= max) return to(state, { status: "ready", reason });
  return to(state, {
    status: "needs-input",
    reason: `it was handed over ${number} times, and ${max} are foreseen: it may be too large; read its handoffs, then retry it to go on`,
  });
}

function cancel(state: TaskState): TaskStep {
  if (state.status === "landed" || state.status === "cancelled") return stay(state);
  const next: Partial<TaskState> = { status: "cancelled", reason: null };
  if (state.status === "queued") return to(state, next, { kind: "remove-entry" });
  return isHeld(state.status) ? to(state, next, { kind: "end-session" }) : to(state, next);
}

function stay(state: TaskState): TaskStep {
  return { state, effects: [] };
}

function to(state: TaskState, next: Partial<TaskState>, ...effects: TaskEffect[]): TaskStep {
  return { state: { ...state, ...next }, effects };
}
