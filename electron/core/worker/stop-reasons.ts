import type { Concern, Session } from "../../../shared/model/session.ts";
import { LEFT_HERE } from "../../../shared/model/word-move.ts";

const GOES_ON = "it goes on at your next message";

/** Everything was stopped while it was at work: its task goes out again by itself once the fleet is let go on. */
export const HALTED = "everything was stopped while it was at work";
/** Its limit is over, and its program's own menu about it is still open: its task goes out again in the same conversation. */
export const LIMIT_OVER = "its limit is over";
/** Its profile took one session too many: its task goes out again in the same conversation once a slot is free. */
export const TOO_MANY = "the provider refused one more session of its profile";
/** Everything was stopped while it waited for the person: so it still does. */
export const HALTED_AT_REST = `everything was stopped; ${GOES_ON}`;

export function idleReason(minutes: number): string {
  const span = minutes === 60 ? "an hour" : minutes === 1 ? "a minute" : `${minutes} minutes`;
  return `idle for ${span}; ${GOES_ON}`;
}

/** A session that waits for the person holds no slot that another task could have. */
export function slotReason(task: string): string {
  return `it waits for you, and ${task} had work for its slot; ${GOES_ON}`;
}

const MOVED = "its worktree was moved to ";

/** Why a task is not begun whose worktree somebody moved. */
export function movedReason(task: string, now: string): string {
  return `${MOVED}${now}. Let it go on there: switchyard worktree repair ${task} --yes, then: switchyard task retry ${task}`;
}

/** Whether this session was not started for that. */
export function isMovedAway({ reason }: Pick<Session, "reason">): boolean {
  return reason?.startsWith(MOVED) ?? false;
}

/** It was stopped while it waited for the person. Its task waits on, and the next message continues its conversation. */
export function isAtRest({ state, reason }: Pick<Session, "state" | "reason">): boolean {
  return state === "stopped" && (reason?.endsWith(GOES_ON) ?? false);
}

/** How the reason begins of a session that a watchdog paused, and of its task until a person retries it. */
const PAUSED = ["runaway: ", "budget: "] as const;

export function pausedReason({ kind, text }: Pick<Concern, "kind" | "text">): string {
  return `${kind === "budget" ? PAUSED[1] : PAUSED[0]}${text}`;
}

/** It has grown beyond what a session may, and was ended before it could harm the machine. */
export function crowdReason(processes: number): string {
  return `${PAUSED[0]}${processes} processes of it ran at once, more than guards.processes allows`;
}

export function isPaused({ state, reason }: Pick<Session, "state" | "reason">): boolean {
  return state === "stopped" && PAUSED.some((beginning) => reason?.startsWith(beginning));
}

/** How the reason begins of a session that working hours ended between two turns, and of its task until they allow it again. */
const OFF_HOURS = "hours: ";

/** `until`: for a person; null while no end is in sight. */
export function hoursReason(workers: number, until: string | null): string {
  const allowed = workers === 0 ? "no worker runs" : `only ${workers} may run`;
  if (until === null) return `${OFF_HOURS}${allowed}, by dispatch.hours`;
  return `${OFF_HOURS}${allowed} until ${until}; it goes on by itself then`;
}

export function isOffHours(reason: string | null): boolean {
  return reason?.startsWith(OFF_HOURS) ?? false;
}

const MOVED_ON = "its conversation goes on at ";

/** It is stopped so that its conversation can go on at another profile. `why`: what it waited for. */
export function movedOnReason(profile: string, why: string): string {
  return `${MOVED_ON}${profile}: ${why}`;
}

export function isMovedOn({ state, reason }: Pick<Session, "state" | "reason">): boolean {
  return state === "stopped" && (reason?.startsWith(MOVED_ON) ?? false);
}

/** It was stopped for that, and the other profile did not take it: its task waits for this profile again. */
export function leftHereReason(why: string): string {
  return `${LEFT_HERE}${why}`;
}

export function isLeftHere({ state, reason }: Pick<Session, "state" | "reason">): boolean {
  return state === "stopped" && (reason?.startsWith(LEFT_HERE) ?? false);
}

/** What a session waits for, or waited for before its conversation was to move. */
export function waitsFor({ reason }: Pick<Session, "reason">): string {
  return reason?.replace(LEFT_HERE, "") ?? "its limit";
}
