import type { ProfileName, SessionId } from "../../../shared/model/ids.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { isLive } from "../../../shared/model/session.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Intent, SessionRecord, Store, TaskRecord } from "../store/store.ts";
import { CANNOT_REACH } from "../worker/session-machine.ts";
import type { Sessions } from "../worker/sessions.ts";
import { isLeftHere, isMovedOn, movedOnReason } from "../worker/stop-reasons.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { Keeper } from "./keeper.ts";
import {
  claimMove,
  countArriving,
  dropMove,
  findMove,
  findTrial,
  type MoveOrder,
  openMove,
  readMove,
  settleMove,
  triedSince,
  undoMove,
} from "./move-steps.ts";
import type { Placer } from "./placer.ts";
import { isRefusedMove, isWorthMoving, judgeMove, refuseMove } from "./plan-move.ts";
import type { TaskSteps } from "./task-steps.ts";

/** After a step that failed: the time a person needs to make room on a disk, not the time a disk needs. */
const AGAIN_MS = 10_000;

export interface MoveParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly steps: TaskSteps;
  readonly sessions: Pick<Sessions, "end">;
  readonly dispatcher: Pick<Dispatcher, "begin">;
  readonly placer: Pick<Placer, "candidates" | "placeAmong">;
  readonly records: Records;
  /** Why nothing at all is started; null while work goes out. */
  readonly halted: () => string | null;
}

/** The provider's own records of conversations. */
export interface Records {
  /** Copies the one of this session from its profile's folder into another's; throws why it cannot. Again is the same as once. */
  copy(session: SessionRecord, from: Profile, to: Profile): Promise<void>;
  /** Takes that copy away again, wherever it is; the original stays. */
  removeCopy(session: SessionRecord, from: Profile, to: Profile): void;
}

/**
 * Lets conversations that wait for a limit go on at another profile: ends the session, copies the record, starts a session there,
 * and waits for its first answer. Without one the conversation goes back to where it was. Each step is written down before it is
 * taken and can be taken again, so a move that a crash cut short is brought to its end, one way or the other.
 *
 * Invariant: the session there is claimed only when the one here is over, so no two processes live in the conversation.
 */
export class MoveKeeper implements Keeper {
  readonly #parts: MoveParts;
  /** By the session that is left: what is being done about it. */
  readonly #busy = new Map<SessionId, Promise<void>>();
  readonly #listening = new DisposableStack();
  readonly #leaving = new AbortController();
  #isLookPending = false;

  constructor(parts: MoveParts) {
    this.#parts = parts;
  }

  run(): void {
    this.#listening.defer(
      this.#parts.store.onCommit(({ events }) => {
        if (events.length > 0) this.lookAgain();
      }),
    );
    this.lookAgain();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listening.dispose();
    this.#leaving.abort(new Error("the core is stopping"));
    await Promise.allSettled(this.#busy.values());
  }

  /** Soon and once, however often it is called. */
  lookAgain(): void {
    if (this.#isLookPending || this.#leaving.signal.aborted) return;
    this.#isLookPending = true;
    setImmediate(() => {
      this.#isLookPending = false;
      if (this.#leaving.signal.aborted) return;
      try {
        this.#look();
      } catch (error) {
        this.#parts.log.error({ error }, "looking for conversations to move failed");
      }
    });
  }

  /**
   * Moves the conversation of this session, which holds the task. Resolves to the session that goes on with it, or to null when none
   * came to be; the reason is on the task then.
   */
  async move(
    session: SessionRecord,
    task: TaskRecord,
    order: MoveOrder,
  ): Promise<SessionRecord | null> {
    const intent = openMove(this.#parts, session, task, order, "person");
    await this.#carryOn(intent);
    return findTrial(this.#parts.store, session.id) ?? null;
  }

  #look(): void {
    const { store } = this.#parts;
    for (const intent of store.intents.listOpen())
      if (intent.kind === "move-conversation") void this.#carryOn(intent);
    if (this.#parts.halted() !== null) return;
    for (const task of store.tasks.list({ status: ["parked"] })) this.#offer(task);
  }

  /** Begins to move its conversation when that is allowed, worth it, and has a place. */
  #offer(task: TaskRecord): void {
    const { store, clock, placer } = this.#parts;
    const session = task.session === null ? undefined : store.sessions.find(task.session);
    const from = session && store.profiles.find(session.profile);
    if (!from || !isWaiting(session) || findMove(store, session.id)) return;
    const now = clock.now();
    if (!isWorthMoving(from, now.getTime())) return;
    const tried = triedSince(store, session);
    const candidates = placer
      .candidates()
      .map((each) => ({ ...each, live: each.live + countArriving(store, each.name) }))
      .filter(({ name, live }) => {
        const to = store.profiles.find(name);
        return to && !tried.has(name) && !refuseMove(from, { ...to, live }, now.toISOString());
      });
    if (candidates.length === 0) return;
    const placement = placer.placeAmong(task, candidates, undefined);
    if (placement.kind === "none") return;
    const { profile, strategy, reason } = placement;
    void this.#carryOn(
      openMove(this.#parts, session, task, { to: profile, strategy, reason }, "limit"),
    );
  }

  /** Does what is next of an open move. One thing at a time for each; what failed is tried again after a while. */
  #carryOn(intent: Intent): Promise<void> {
    const { id } = readMove(intent);
    const busy = this.#busy.get(id);
    if (busy) return busy;
    const { clock, log } = this.#parts;
    const work = this.#step(intent)
      .catch((error: unknown) => {
        if (this.#leaving.signal.aborted) return;
        log.error({ error, session: id }, "moving a conversation failed; it is tried again");
        clock.wait(AGAIN_MS, this.#leaving.signal).then(
          () => this.lookAgain(),
          () => undefined,
        );
      })
      .finally(() => this.#busy.delete(id));
    this.#busy.set(id, work);
    return work;
  }

  async #step(intent: Intent): Promise<void> {
    const { store } = this.#parts;
    const trial = findTrial(store, readMove(intent).id);
    if (!trial) await this.#begin(intent);
    else if (isRefusedMove(trial)) await this.#goBack(intent, trial);
    else if (judgeMove(trial) === "answered") settleMove(store, intent, trial);
  }

  async #begin(intent: Intent): Promise<void> {
    const { store, sessions, dispatcher } = this.#parts;
    const { id, order } = readMove(intent);
    const session = store.sessions.find(id);
    if (!session) return dropMove(store, intent, "its session is gone");
    if (isLive(session.state))
      await sessions.end(id, "stopped", "move", { why: movedOnReason(order.to, order.waitedFor) });
    this.#leaving.signal.throwIfAborted();
    const stopped = store.sessions.find(id);
    // Somebody else was first to end it, and says what becomes of its task.
    if (!stopped || !isMovedOn(stopped)) return dropMove(store, intent, "overtaken");
    const why = (await this.#copy(stopped, order.to)) ?? this.#parts.halted();
    this.#leaving.signal.throwIfAborted();
    const claimed = why === null ? claimMove(this.#parts, intent, stopped) : { why };
    if ("session" in claimed) dispatcher.begin(claimed.session, claimed.task);
    else {
      this.#removeCopy(stopped, order.to);
      undoMove(this.#parts, intent, null, claimed.why);
    }
  }

  /** The session there is over before the copy goes, and the copy is gone before the conversation may go on here. */
  async #goBack(intent: Intent, trial: SessionRecord): Promise<void> {
    const { store, sessions } = this.#parts;
    const { id, order } = readMove(intent);
    const why = trial.reason ?? `its session is ${trial.state}`;
    if (isLive(trial.state)) await sessions.end(trial.id, "stopped", "move", { why });
    const left = store.sessions.find(id);
    if (left) this.#removeCopy(left, order.to);
    undoMove(this.#parts, intent, trial, `${order.to} did not take it: ${why}`);
  }

  /** Null when it is there; else why not. */
  async #copy(session: SessionRecord, to: ProfileName): Promise<string | null> {
    const { store, records } = this.#parts;
    const [here, there] = [session.profile, to].map((name) => store.profiles.find(name));
    if (!here || !there) return "one of the two profiles is gone";
    try {
      await records.copy(session, here, there);
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #removeCopy(session: SessionRecord, to: ProfileName): void {
    const { store, records } = this.#parts;
    const [here, there] = [session.profile, to].map((name) => store.profiles.find(name));
    if (here && there) records.removeCopy(session, here, there);
  }
}

/** For a limit or a sign-in, with its process or without. What waits for a network or for money is not moved unasked. */
function isWaiting(session: SessionRecord): boolean {
  const isLimited = session.state === "limited" && !session.reason?.startsWith(CANNOT_REACH);
  const isOnTrial = session.movedFrom?.step === "trying";
  return session.kind === "worker" && !isOnTrial && (isLimited || isLeftHere(session));
}
