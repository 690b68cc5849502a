import { describeMoment } from "../../../shared/model/describe-moment.ts";
import type { ProfileName, SessionId, TaskId } from "../../../shared/model/ids.ts";
import { isBlocked } from "../../../shared/model/is-blocked.ts";
import { isLive } from "../../../shared/model/session.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { SessionRecord, Store, TaskRecord, Touched } from "../store/store.ts";
import { REMINDER } from "../task/write-first-message.ts";
import { isMenuOpen } from "../worker/read-status.ts";
import {
  CANNOT_PAY,
  CANNOT_REACH,
  CANNOT_SIGN_IN,
  TURN_FAILED,
} from "../worker/session-machine.ts";
import type { Sessions } from "../worker/sessions.ts";
import {
  HALTED,
  isAtRest,
  isLeftHere,
  isMovedOn,
  isOffHours,
  isPaused,
  LIMIT_OVER,
  TOO_MANY,
} from "../worker/stop-reasons.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { describeUnfinished, type TaskFinisher } from "./finish-task.ts";
import { findMove } from "./move-steps.ts";
import { NetworkWaits } from "./network-waits.ts";
import { isRefusedMove } from "./plan-move.ts";
import { UNUSABLE } from "./plan-recovery.ts";
import { handbackOf, settleLoss } from "./settle-loss.ts";
import type { TaskSteps } from "./task-steps.ts";

const GO_ON = "The limit that stopped you is over. Go on with the task.";
const GO_ON_NOW = "What stopped you may be over. Go on with the task.";
/** What a session was stopped for when its task goes out again by itself. */
const GOES_OUT_AGAIN: readonly string[] = [HALTED, LIMIT_OVER, TOO_MANY];
const UNFOLLOWED = "its session was stopped before the end of its turn was followed up";
const NO_ANSWER =
  "what stopped it may be over, but its session does not go on; open its pane to see why";

/** The time a person needs to make room on a disk, not the time a disk needs. */
const LOOK_AGAIN_MS = 10_000;

export interface SupervisorParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly steps: TaskSteps;
  readonly sessions: Sessions;
  readonly dispatcher: Dispatcher;
  readonly finisher: TaskFinisher;
  /** The profile's window is used up, or it is throttled: it rests. Or this session was one too many, and leaves its slot. */
  readonly noteLimit: (profile: ProfileName, session: SessionRecord) => "waits" | "leaves";
  /** The provider has answered a session of it. */
  readonly noteAnswered?: (profile: ProfileName) => void;
  readonly noteSignedOut: (profile: ProfileName, reason: string) => void;
  /** Session after session of this profile breaks: it takes no more work. */
  readonly noteBroken: (profile: ProfileName, reason: string) => void;
  readonly onSignInEnded: (session: SessionRecord) => Promise<void>;
  /** Ends a session between two turns when working hours allow one less; null: it may go on. */
  readonly endOffHours: (session: SessionRecord, task: TaskRecord) => Promise<void> | null;
  /** Whoever else follows commits takes everything in hand again. */
  readonly othersLookAgain: () => void;
}

/**
 * Brings work home: follows every session and keeps its task in step with it, sends out what is ready, ends what is done.
 *
 * It acts on what the store says now, not on how that came about, so that doing it again after a crash is the same as doing it once.
 */
export class Supervisor {
  readonly #parts: SupervisorParts;
  /** Sessions something is being done with; the value says whether to look at it again afterwards. */
  readonly #busy = new Map<SessionId, boolean>();
  /** Sign-ins that ended and whose profile was not looked at yet. */
  readonly #endedSignIns = new Set<SessionId>();
  /** Sessions that leave because each was one too many: what they tell meanwhile is no further refusal. */
  readonly #oneTooMany = new Set<SessionId>();
  /** Sessions that did not take the conversation of another profile, whose own profile was told why. */
  readonly #refusedMoves = new Set<SessionId>();
  readonly #networkWaits: NetworkWaits;
  readonly #listening = new DisposableStack();
  readonly #leaving = new AbortController();
  #isLookPending = false;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
    this.#networkWaits = new NetworkWaits(parts.clock);
  }

  /** Takes everything in hand as it stands, then follows each commit. */
  run(): void {
    const { store } = this.#parts;
    this.#listening.defer(
      store.onCommit(({ events, touched }) => this.#onCommit(events.length > 0, touched)),
    );
    this.#listening.defer(this.#parts.sessions.messages.onAccepted((id) => this.#onPrompt(id)));
    this.#takeInHand();
    this.#parts.dispatcher.run();
  }

  /** Takes everything in hand again after a while, once however often it is asked: something that followed from a commit failed. */
  lookAgain(): void {
    if (this.#isLookPending) return;
    this.#isLookPending = true;
    this.#parts.clock.wait(LOOK_AGAIN_MS, this.#leaving.signal).then(
      () => {
        this.#isLookPending = false;
        try {
          this.#takeInHand();
          this.#parts.othersLookAgain();
        } catch (error) {
          this.#parts.log.error({ error }, "taking everything in hand failed; it is tried again");
          this.lookAgain();
        }
        this.#parts.dispatcher.wake();
      },
      () => undefined,
    );
  }

  #takeInHand(): void {
    const { store, steps } = this.#parts;
    for (const task of store.tasks.list({ status: ["draft", "waiting", "ready"] }))
      steps.survey(task.id, "recovery");
    for (const session of store.sessions.list())
      if (session.kind === "worker" || this.#endedSignIns.has(session.id)) this.#follow(session);
    // A rest can have ended while no core was there to hear of it.
    for (const profile of store.profiles.list()) this.#wakeLimited(profile.name);
    this.#sendOutLeft();
  }

  async dispose(): Promise<void> {
    this.#listening.dispose();
    this.#leaving.abort(new Error("the core is stopping"));
    this.#networkWaits.dispose();
    await this.#parts.dispatcher.dispose();
  }

  #onCommit(hasNews: boolean, touched: Touched): void {
    const { store, steps, dispatcher } = this.#parts;
    for (const plan of touched.plans)
      for (const task of store.tasks.list({ plan })) steps.survey(task.id, "dispatcher");
    for (const id of touched.tasks) {
      steps.survey(id, "dispatcher");
      for (const waiting of store.tasks.dependents(id)) steps.survey(waiting.id, "dispatcher");
    }
    for (const id of touched.sessions) {
      const session = store.sessions.find(id);
      if (session) this.#follow(session);
    }
    for (const profile of touched.profiles) this.#wakeLimited(profile);
    if (hasNews && touched.profiles.size > 0) this.#sendOutLeft();
    // Signals that changed no state free no slot and make nothing ready.
    if (hasNews) dispatcher.wake();
  }

  #follow(session: SessionRecord): void {
    if (session.kind === "sign-in") {
      this.#followSignIn(session);
      return;
    }
    // Its task is not lost to it: the conversation goes back to where it was.
    if (isRefusedMove(session)) {
      this.#noteRefusedMove(session);
      return;
    }
    const held = this.#parts.steps.heldBy(session);
    if (held) this.#followHolder(session, held);
    else this.#followUnowned(session);
  }

  /** What is wrong with its profile holds for all sessions of it. */
  #noteRefusedMove(session: SessionRecord): void {
    const { id, profile, state, reason } = session;
    if (state !== "limited" || this.#refusedMoves.has(id)) return;
    this.#refusedMoves.add(id);
    if (reason?.startsWith(CANNOT_SIGN_IN)) this.#parts.noteSignedOut(profile, reason);
    else this.#parts.noteLimit(profile, session);
  }

  /** Its task is done with it: it ends once its turn is over; of a cancelled task, whatever it does. */
  #followUnowned(session: SessionRecord): void {
    if (!isLive(session.state)) return;
    const task = session.task ? this.#parts.store.tasks.find(session.task) : undefined;
    const isCancelled = task?.status === "cancelled";
    const isBusy = session.state === "working" || session.state === "starting";
    if (isBusy && !isCancelled) return;
    this.#inBackground(session.id, () =>
      this.#parts.sessions.end(session.id, "ended", "supervisor"),
    );
  }

  #followHolder(session: SessionRecord, task: TaskRecord): void {
    const { steps } = this.#parts;
    const cause = `session ${session.id}`;
    switch (session.state) {
      case "starting":
        return;
      case "working":
        // A worker that said it is blocked still works until its turn ends; only a new message changes that.
        if (!isBlocked(task)) this.#goOn(task, cause);
        if (hasUsedTool(session)) {
          this.#answered(session);
          this.#noteTold(task, cause);
        }
        return;
      case "needs-input":
        steps.apply(
          task.id,
          { kind: "person-needed", reason: session.reason ?? "its session asks for something" },
          cause,
        );
        return;
      case "unknown":
      case "interrupted":
        steps.apply(
          task.id,
          { kind: "person-needed", reason: session.reason ?? `its session is ${session.state}` },
          cause,
        );
        return;
      case "limited":
        this.#afterRefusal(session, task, cause);
        return;
      case "idle":
        this.#answered(session);
        if (isRefusedResume(session)) {
          const how = { why: `${UNUSABLE}${session.reason?.slice(TURN_FAILED.length)}` };
          this.#inBackground(session.id, () =>
            this.#parts.sessions.end(session.id, "ended", cause, how),
          );
          return;
        }
        this.#noteTold(task, cause);
        // One that was asked to hand over is the keeper's: it is not told to finish as well.
        if (task.status !== "needs-input" && session.handoffAsk === null)
          this.#inBackground(
            session.id,
            async () => this.#parts.endOffHours(session, task) ?? this.#afterTurn(session, task),
          );
        return;
      case "stopped":
        this.#afterStop(session, task, cause);
        return;
      case "ended":
      case "failed":
        settleLoss(this.#parts, session, task);
        return;
    }
  }

  #answered({ id, profile }: SessionRecord): void {
    this.#networkWaits.reached(id);
    this.#parts.noteAnswered?.(profile);
  }

  /** Its session has taken up what it was to be told, so that the conversation holds it from here on. */
  #noteTold({ id, handback }: TaskRecord, cause: string): void {
    if (handback === null) return;
    const { store } = this.#parts;
    store.write(cause, () => void store.tasks.update(id, { handback: null }));
  }

  /** The provider refused its turn: a limit, a dead login, no network. It waits, and nothing of it counts as a failure. */
  #afterRefusal(session: SessionRecord, task: TaskRecord, cause: string): void {
    const { steps, noteLimit, noteSignedOut } = this.#parts;
    const park = (reason: string) => steps.apply(task.id, { kind: "parked", reason }, cause);
    const why = session.reason ?? "the profile's limit is reached";
    if (task.reason === NO_ANSWER) return;
    if (why.startsWith(CANNOT_REACH)) {
      const again = this.#networkWaits.begin(session.id, () => this.#tryAgain(session.id, task.id));
      if (again) park(`retry: ${why}; tried again at ${describeMoment(again.toISOString())}`);
      return;
    }
    // Told once: the same limit heard again, or heard by an earlier core, must not make the rest longer.
    if (task.status === "parked") return;
    if (why.startsWith(CANNOT_SIGN_IN)) {
      noteSignedOut(session.profile, why);
      park(
        `sign-in: ${why}; it goes on once you signed in: switchyard profile login ${session.profile}`,
      );
    } else if (why.startsWith(CANNOT_PAY)) {
      noteLimit(session.profile, session);
      park(
        `spend: ${why}; it goes on once that is settled: switchyard profile check ${session.profile}`,
      );
    } else if (
      this.#oneTooMany.has(session.id) ||
      noteLimit(session.profile, session) === "leaves"
    ) {
      this.#oneTooMany.add(session.id);
      this.#inBackground(session.id, async () => {
        await this.#parts.sessions.end(session.id, "stopped", cause, { why: TOO_MANY });
        this.#oneTooMany.delete(session.id);
      });
    } else park(`rate-limit: ${why}`);
  }

  #tryAgain(id: SessionId, task: TaskId): void {
    const { store } = this.#parts;
    const isParked = store.tasks.find(task)?.status === "parked";
    if (store.sessions.find(id)?.state === "limited" && isParked)
      this.#inBackground(id, () => this.#letGoOn(id, task, GO_ON_NOW));
  }

  #afterStop(session: SessionRecord, task: TaskRecord, cause: string): void {
    const { steps } = this.#parts;
    if (isAtRest(session)) {
      // It waits for the person as it did before, in the same state and for the same reason.
      if (task.status === "needs-input") return;
      // Its turn's end was never followed up, and no message of a person will come: it goes out again.
      const event = { kind: "session-ended", reason: UNFOLLOWED, isFailure: false } as const;
      steps.apply(task.id, event, cause, handbackOf(session, task));
      return;
    }
    // Who moves its conversation says what becomes of the task.
    if (isMovedOn(session) || isLeftHere(session)) return;
    if (isPaused(session)) {
      const wayOn = `once you have looked at it: switchyard task retry ${task.id}`;
      steps.apply(task.id, { kind: "parked", reason: `${session.reason}; ${wayOn}` }, cause);
      return;
    }
    if (isOffHours(session.reason)) {
      steps.apply(task.id, { kind: "parked", reason: session.reason ?? "" }, cause);
      return;
    }
    if (session.reason === null || !GOES_OUT_AGAIN.includes(session.reason)) {
      steps.apply(task.id, { kind: "stopped-by-person" }, cause);
      return;
    }
    steps.apply(
      task.id,
      { kind: "session-ended", reason: session.reason, isFailure: false },
      session.reason === HALTED ? "halted" : cause,
      session.reason === HALTED ? handbackOf(session, task) : { handback: task.handback ?? GO_ON },
    );
  }

  /** A message reached the session: whatever its task waited for, it goes on. */
  #onPrompt(id: SessionId): void {
    const session = this.#parts.store.sessions.find(id);
    const task = session && this.#parts.steps.heldBy(session);
    if (task) this.#goOn(task, `session ${id}`);
  }

  #goOn(task: TaskRecord, cause: string): void {
    const kind = task.status === "parked" ? "unparked" : "person-answered";
    this.#parts.steps.apply(task.id, { kind }, cause);
  }

  /** The worker ended its turn and its task is still open: remind it once, then take the branch as done if it is. */
  async #afterTurn(session: SessionRecord, task: TaskRecord): Promise<void> {
    const { store, steps, sessions, finisher } = this.#parts;
    const cause = `session ${session.id}`;
    if (task.reminders === 0) {
      store.write(cause, (record) => {
        store.tasks.update(task.id, { reminders: 1 });
        record("task.reminded", task.id, { session: session.id });
      });
      if (await sessions.messages.send(session.id, REMINDER)) return;
    }
    const outcome = await finisher
      .finish(task.id, session.id, task.progress?.note ?? task.title, cause)
      .catch(toInspectionFailure);
    if (outcome.kind === "queued" || outcome.kind === "already" || outcome.kind === "not-held")
      return;
    steps.apply(
      task.id,
      {
        kind: "person-needed",
        reason:
          outcome.kind === "not-inspected"
            ? `its worker ended its turn, and its work cannot be looked at: ${outcome.why}`
            : describeUnfinished(outcome),
      },
      cause,
    );
  }

  #followSignIn(session: SessionRecord): void {
    if (isLive(session.state) || session.endedAt === null) return;
    this.#endedSignIns.add(session.id);
    this.#inBackground(session.id, async () => {
      await this.#parts.onSignInEnded(session);
      this.#endedSignIns.delete(session.id);
    });
  }

  /** A profile that is ready again lets its limited sessions go on. */
  #wakeLimited(name: ProfileName): void {
    const { store } = this.#parts;
    if (store.profiles.find(name)?.state !== "ready") return;
    for (const session of store.sessions.list({ isLive: true })) {
      if (session.profile !== name || session.state !== "limited") continue;
      if (session.reason?.startsWith(CANNOT_REACH)) continue;
      const task = session.task ? store.tasks.find(session.task) : undefined;
      if (task?.session === session.id && task.status === "parked")
        this.#inBackground(session.id, () => this.#letGoOn(session.id, task.id));
    }
  }

  /** Tasks whose session was stopped to go on at another profile, which did not take it, go out once their own is ready again. */
  #sendOutLeft(): void {
    const { store, steps } = this.#parts;
    for (const { id, session, handback } of store.tasks.list({ status: ["parked"] })) {
      const left = session === null ? undefined : store.sessions.find(session);
      if (!left || !isLeftHere(left) || findMove(store, left.id)) continue;
      if (store.profiles.find(left.profile)?.state !== "ready") continue;
      const event = { kind: "session-ended", reason: LIMIT_OVER, isFailure: false } as const;
      steps.apply(id, event, `session ${left.id}`, { handback: handback ?? GO_ON });
    }
  }

  /** Tried once: in a pane that does not take the message something else may be open, which keys would answer. */
  async #letGoOn(id: SessionId, task: TaskId, message = GO_ON): Promise<void> {
    const { store, steps, sessions } = this.#parts;
    if (findMove(store, id)) return;
    const session = store.sessions.find(id);
    // Keys would choose in the menu: its conversation goes on in a new session instead.
    if (session && isMenuOpen(session))
      return await sessions.end(id, "stopped", "supervisor", { why: LIMIT_OVER });
    if (await sessions.messages.send(id, message)) return;
    if (store.sessions.find(id)?.state === "limited")
      steps.apply(task, { kind: "person-needed", reason: NO_ANSWER }, `session ${id}`);
  }

  /** One thing at a time for a session. What came meanwhile is looked at afterwards; what failed is tried again after a while. */
  #inBackground(id: SessionId, work: () => Promise<void>): void {
    if (this.#busy.has(id)) {
      this.#busy.set(id, true);
      return;
    }
    this.#busy.set(id, false);
    const failed = (error: unknown) => {
      this.#parts.log.error({ error, session: id }, "following a session failed");
      // One that rests makes no further commit by which it would be looked at.
      this.lookAgain();
    };
    work()
      .catch(failed)
      .then(() => {
        const isStale = this.#busy.get(id);
        this.#busy.delete(id);
        const session = this.#parts.store.sessions.find(id);
        if (isStale && session) this.#follow(session);
      })
      .catch(failed);
  }
}

/** A worktree that is gone, a repository that does not open: only a person can tell what becomes of the work. */
function toInspectionFailure(error: unknown) {
  const why = error instanceof Error ? error.message : String(error);
  return { kind: "not-inspected", why } as const;
}

/** The very first turn of a conversation that was to go on was refused: each further one would be, too. */
function isRefusedResume({ isResumed, reason, evidence }: SessionRecord): boolean {
  const hasAnswered = evidence.some(({ signal }) => /^hook:(Stop$|.*ToolUse)/.test(signal));
  return isResumed && !hasAnswered && (reason?.startsWith(TURN_FAILED) ?? false);
}

/** Its provider has answered since its last message: a prompt alone does not say so. */
function hasUsedTool({ evidence }: SessionRecord): boolean {
  return evidence.at(-1)?.signal.includes("ToolUse") ?? false;
}
