import { z } from "zod";
import { ProfileName, SessionId } from "../../../shared/model/ids.ts";
import { isLive } from "../../../shared/model/session.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Clock } from "../base/clock.ts";
import type { Intent, SessionRecord, Store, TaskRecord } from "../store/store.ts";
import { isHeld } from "../task/task-machine.ts";
import { LOST } from "../worker/sessions.ts";
import {
  HALTED,
  HALTED_AT_REST,
  leftHereReason,
  movedOnReason,
  waitsFor,
} from "../worker/stop-reasons.ts";
import { claimSession } from "./claim-session.ts";
import { describeHalt } from "./fleet-halt.ts";
import { refuseMove } from "./plan-move.ts";
import type { TaskSteps } from "./task-steps.ts";

const GO_ON = "What stopped you is over. Go on with the task.";
/** Ends of a session that say nothing about whether its profile would have answered. */
const NOBODYS: readonly (string | null)[] = [...Object.values(LOST), HALTED, HALTED_AT_REST];

/** Where a conversation is to go, and who or what chose that. */
export interface MoveOrder {
  readonly to: ProfileName;
  readonly strategy: string;
  readonly reason: string;
}

const Written = z.object({
  to: ProfileName,
  strategy: z.string(),
  reason: z.string(),
  /** What the session and the task waited for when the move began. */
  waitedFor: z.string(),
  parkedFor: z.string(),
});

interface StepParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly steps: TaskSteps;
}

/** The open move away from this session. */
export function findMove(store: Store, session: SessionId): Intent | undefined {
  return store.intents
    .listOpen()
    .find(({ kind, subject }) => kind === "move-conversation" && subject === session);
}

export function readMove({ subject, data }: Intent) {
  return { id: SessionId.parse(subject), order: Written.parse(data) };
}

/** Conversations on their way to a profile, which have no session there yet and will want a slot. */
export function countArriving(store: Store, to: ProfileName): number {
  return store.intents
    .listOpen()
    .filter(({ kind }) => kind === "move-conversation")
    .map(readMove)
    .filter(({ id, order }) => order.to === to && findTrial(store, id) === undefined).length;
}

/** The session that goes on with the conversation of this one elsewhere, and has not been sent back. */
export function findTrial(store: Store, left: SessionId): SessionRecord | undefined {
  return sessionsFrom(store, left).findLast(({ movedFrom }) => movedFrom?.step !== "undone");
}

/** Profiles that did not take the conversation since this session was refused: each is asked once. */
export function triedSince(store: Store, left: SessionRecord): ReadonlySet<ProfileName> {
  const refused = sessionsFrom(store, left.id).filter(
    ({ movedFrom, reason }) => movedFrom?.step === "undone" && !NOBODYS.includes(reason),
  );
  return new Set(refused.map(({ profile }) => profile));
}

function sessionsFrom(store: Store, left: SessionId): readonly SessionRecord[] {
  const task = store.sessions.find(left)?.task ?? null;
  if (task === null) return [];
  return store.sessions.list({ task }).filter(({ movedFrom }) => movedFrom?.session === left);
}

/** Written down before anything is done. From here on nobody else lets the session go on. */
export function openMove(
  { store }: StepParts,
  session: SessionRecord,
  task: TaskRecord,
  order: MoveOrder,
  by: "limit" | "person",
): Intent {
  const waitedFor = waitsFor(session);
  return store.write(by === "person" ? "person" : "move", (record) => {
    if (findMove(store, session.id))
      throw new SwitchyardError(
        "wrong-state",
        `The conversation of ${session.id} is being moved already.`,
        `See: switchyard task show ${task.id}`,
      );
    const { to, strategy, reason } = order;
    const written = { to, strategy, reason, waitedFor, parkedFor: parkedFor(task, session) };
    if (!isLive(session.state))
      store.sessions.update(session.id, { reason: movedOnReason(to, waitedFor) });
    record("session.moves", session.id, { to, from: session.profile, task: task.id, reason });
    return store.intents.open("move-conversation", session.id, written);
  });
}

function parkedFor({ reason }: TaskRecord, session: SessionRecord): string {
  return (reason ?? session.reason ?? "its limit").split(NOT_TAKEN)[0] ?? "";
}

/** What an earlier try has added to the reason of the task. */
const NOT_TAKEN = "; its conversation stays where it is: ";

/** Gives the task to a session of the other profile, in the same conversation; or says why that cannot be. */
export function claimMove(
  parts: StepParts,
  intent: Intent,
  left: SessionRecord,
):
  | { readonly session: SessionRecord; readonly task: TaskRecord }
  | { readonly why: string | null } {
  const { store, clock } = parts;
  const { order } = readMove(intent);
  return store.write("move", (record) => {
    const task = left.task === null ? undefined : store.tasks.find(left.task);
    // The person has retried or cancelled it meanwhile, or somebody else took it on.
    if (task?.session !== left.id || task.status !== "parked") return { why: null };
    const from = store.profiles.find(left.profile);
    const to = store.profiles.find(order.to);
    const halt = describeHalt(store.fleet.read());
    if (halt !== null) return { why: halt };
    if (!from || !to) return { why: "one of the two profiles is gone" };
    const refusal = refuseMove(from, to, clock.now().toISOString());
    if (refusal) return { why: refusal.what };
    return claimSession(parts, record, task, {
      profile: to.name,
      placement: {
        strategy: order.strategy,
        reason: `${order.reason}; its conversation came from ${from.name}`,
      },
      conversation: left.providerSession,
      isResumed: true,
      cwd: left.cwd,
      recovery: null,
      movedFrom: { session: left.id, profile: from.name, step: "trying" },
      event: { kind: "unparked" },
      more: { handback: task.handback ?? GO_ON },
    });
  });
}

/** The other profile has answered: from now on the conversation is its. */
export function settleMove(
  store: Store,
  intent: Intent,
  { id, movedFrom, ...trial }: SessionRecord,
): void {
  if (!movedFrom) return;
  store.write("move", (record) => {
    store.sessions.update(id, { movedFrom: { ...movedFrom, step: "moved" } });
    store.intents.close(intent.id, "moved");
    const { profile, task } = trial;
    record("session.moved", id, { from: movedFrom.profile, to: profile, task });
  });
}

/**
 * The conversation is where it was before, and its task waits there as it did. `why` null: the task has gone another way meanwhile.
 * A trial that the person stopped leaves the task to the person.
 */
export function undoMove(
  { store, steps }: StepParts,
  intent: Intent,
  trial: SessionRecord | null,
  why: string | null,
): void {
  const { id, order } = readMove(intent);
  store.write("move", (record) => {
    const left = store.sessions.find(id);
    const task = left?.task ? store.tasks.find(left.task) : undefined;
    if (trial?.movedFrom)
      store.sessions.update(trial.id, { movedFrom: { ...trial.movedFrom, step: "undone" } });
    store.intents.close(intent.id, "undone");
    if (!left) return;
    store.sessions.update(id, { reason: leftHereReason(order.waitedFor) });
    record("session.move-undone", id, { to: order.to, task: left.task, reason: why });
    const isOurs = task?.session === id || task?.session === trial?.id;
    if (!task || !isOurs || !isHeld(task.status)) return;
    store.tasks.update(task.id, { session: id, profile: left.profile });
    const wasStopped = trial?.state === "stopped" && trial.reason === null;
    const reason = why === null ? order.parkedFor : `${order.parkedFor}${NOT_TAKEN}${why}`;
    const event = wasStopped
      ? ({ kind: "stopped-by-person" } as const)
      : ({ kind: "parked", reason } as const);
    steps.apply(task.id, event, "move");
  });
}

export function dropMove(store: Store, intent: Intent, outcome: string): void {
  store.write("move", () => store.intents.close(intent.id, outcome));
}
