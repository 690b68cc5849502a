import type { ProfileName } from "../../../shared/model/ids.ts";
import type { SessionRecord, Store, TaskRecord } from "../store/store.ts";
import { isOpenElsewhere } from "../worker/claim-conversation.ts";
import { LOST } from "../worker/sessions.ts";
import { isMovedAway } from "../worker/stop-reasons.ts";
import { countGivenUp, GIVEN_UP_MAX, isFailedResume, wasHealthy } from "./plan-recovery.ts";
import type { TaskSteps } from "./task-steps.ts";

interface LossParts {
  readonly store: Store;
  readonly steps: TaskSteps;
  /** Session after session of this profile breaks: it takes no more work. */
  readonly noteBroken: (profile: ProfileName, reason: string) => void;
}

/**
 * Says what becomes of a task whose session is over before the work was done: it goes out again, or its tries are used up and the
 * person is needed. What was nobody's fault is not counted.
 */
export function settleLoss(parts: LossParts, session: SessionRecord, task: TaskRecord): void {
  const { store, steps } = parts;
  const cause = `session ${session.id}`;
  if (wasLeft(session) && !isFailedResume(session)) {
    steps.apply(task.id, { kind: "stopped-by-person" }, cause, handbackOf(session, task));
    return;
  }
  if (isOpenElsewhere(session) || isMovedAway(session)) {
    const reason = session.reason ?? "something of it is elsewhere";
    steps.apply(task.id, { kind: "person-needed", reason }, cause);
    return;
  }
  const reason = describeEnd(session);
  store.write(cause, (record) => {
    steps.apply(
      task.id,
      {
        kind: "session-ended",
        reason,
        isFailure: !isBlameless(session),
        wasHealthy: wasHealthy(session),
      },
      cause,
      handbackOf(session, task),
    );
    if (steps.require(task.id).status !== "failed") return;
    const recovery = { rung: "needs-you", reason, at: session.endedAt ?? session.since } as const;
    store.sessions.update(session.id, { recovery });
    record("session.recovery", session.id, { rung: recovery.rung, reason, task: task.id });
  });
  const ofProfile = store.sessions.list().filter(({ profile }) => profile === session.profile);
  const givenUp = countGivenUp(ofProfile);
  if (steps.require(task.id).status === "failed" && givenUp >= GIVEN_UP_MAX)
    parts.noteBroken(session.profile, `${givenUp} tasks in a row were given up on it; ${reason}`);
}

/**
 * What the next session of a task is told, when there was a program that may have left something. One that never answered left
 * nothing, and what it was to be told is told to the next.
 */
export function handbackOf(session: SessionRecord, task: TaskRecord): Partial<TaskRecord> {
  const isUntold = task.handback !== null && !isEndNote(task.handback);
  if (session.pid === null || isUntold) return {};
  return { handback: `${ENDED}${session.reason ?? session.state}). ${LOOK}` };
}

const ENDED = "The session before this one ended early (";
const LOOK =
  "Look at git status and git log in your worktree, then go on with the task and finish it.";

/** It tells of an earlier end and nothing else: what is known of the newest says more. */
function isEndNote(handback: string): boolean {
  return handback.startsWith(ENDED) && handback.endsWith(LOOK);
}

/** A program that had taken up its work and then left with 0 was told to by somebody at its keyboard. */
function wasLeft(session: SessionRecord): boolean {
  return (
    session.state === "ended" &&
    session.evidence.some(({ signal }) => signal !== "hook:SessionStart")
  );
}

/** A conversation that cannot be continued is not the fault of the work either: the next session begins a new one. */
function isBlameless(session: SessionRecord): boolean {
  const { reason } = session;
  return Object.values<string | null>(LOST).includes(reason) || isFailedResume(session);
}

function describeEnd(session: SessionRecord): string {
  return `its session ${session.id} ended before the work was done: ${session.reason ?? session.state}`;
}
