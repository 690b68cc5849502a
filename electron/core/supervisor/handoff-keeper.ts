import type { HandoffNote } from "../../../shared/model/handoff.ts";
import type { SessionId } from "../../../shared/model/ids.ts";
import { isLive } from "../../../shared/model/session.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { SessionRecord, Store, TaskRecord } from "../store/store.ts";
import { HANDOFF_ASK } from "../task/write-first-message.ts";
import type { Sessions } from "../worker/sessions.ts";
import type { TaskFinisher } from "./finish-task.ts";
import { handOver, handoffOf } from "./handoff-notes.ts";
import type { Keeper } from "./keeper.ts";
import { type HandoffAt, type HandoffStep, planHandoff } from "./plan-handoff.ts";
import type { TaskSteps } from "./task-steps.ts";

/** A session that handed over has nothing left to do but to end its turn. */
const LAST_WORDS_MS = 60_000;
/** The time a person needs to make room on a disk, not the time a disk needs. */
const LOOK_AGAIN_MS = 10_000;

export interface HandoffKeeperParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly steps: TaskSteps;
  readonly sessions: Sessions;
  readonly finisher: Pick<TaskFinisher, "isFinishing">;
  readonly folderOf: (session: SessionId) => string;
  readonly settingsOf: (project: SessionRecord["project"]) => {
    readonly handoffAt: HandoffAt;
    readonly handoffsMax: number;
  };
  /** What can be seen of the work from outside. */
  readonly describeWork: (session: SessionRecord, task: TaskRecord) => Promise<HandoffNote>;
}

/**
 * Watches how full each worker's context is: asks for a handoff in time, writes it itself where the worker does not, and ends a
 * session that has handed over. All it goes by is in the store.
 */
export class HandoffKeeper implements Keeper {
  readonly #parts: HandoffKeeperParts;
  readonly #listening = new DisposableStack();
  readonly #leaving = new AbortController();
  /** Sessions something is being done with; the value says whether to look at it again afterwards. */
  readonly #busy = new Map<SessionId, boolean>();
  /** Sessions that are looked at again when their wait is over. */
  readonly #waiting = new Set<SessionId>();

  constructor(parts: HandoffKeeperParts) {
    this.#parts = parts;
  }

  run(): void {
    const { store, sessions } = this.#parts;
    this.#listening.defer(
      store.onCommit(({ touched }) => {
        for (const id of touched.sessions) this.#look(id);
      }),
    );
    this.#listening.defer(
      sessions.messages.onAccepted((id, prompt) => {
        if (prompt.trim() === HANDOFF_ASK) this.#noteDelivered(id);
      }),
    );
    this.lookAgain();
  }

  lookAgain(): void {
    for (const { id } of this.#parts.store.sessions.list({ isLive: true })) this.#look(id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listening.dispose();
    this.#leaving.abort(new Error("the core is stopping"));
  }

  #look(id: SessionId): void {
    if (this.#busy.has(id)) {
      this.#busy.set(id, true);
      return;
    }
    const session = this.#parts.store.sessions.find(id);
    if (session?.kind !== "worker" || !isLive(session.state)) return;
    if (handoffOf(this.#parts.store, session)) this.#seeOff(session);
    else this.#watch(session);
  }

  /** One that is idle is ended by the supervisor, as any session is whose task is done with it. */
  #seeOff(session: SessionRecord): void {
    const handedOverMs = Date.parse(handoffOf(this.#parts.store, session)?.at ?? session.since);
    const leftMs = handedOverMs + LAST_WORDS_MS - this.#parts.clock.now().getTime();
    // A clock that was set back must not give it more than that.
    if (leftMs > 0) this.#lookIn(session.id, Math.min(leftMs, LAST_WORDS_MS));
    else
      this.#inBackground(session.id, () =>
        this.#parts.sessions.end(session.id, "ended", "supervisor"),
      );
  }

  #watch(session: SessionRecord): void {
    const task = this.#parts.steps.heldBy(session);
    if (!task) return;
    const step = this.#plan(session, task);
    switch (step.kind) {
      case "none":
        return;
      case "wait":
        this.#lookIn(session.id, step.ms);
        return;
      case "forget":
        this.#save(session, null);
        return;
      case "ask":
        this.#inBackground(session.id, () => this.#ask(session));
        return;
      case "take":
        this.#inBackground(session.id, () => this.#take(session, task, step.why));
    }
  }

  #plan(session: SessionRecord, task: TaskRecord): HandoffStep {
    const { clock, finisher, settingsOf } = this.#parts;
    return planHandoff({
      state: session.state,
      sinceMs: clock.now().getTime() - Date.parse(session.since),
      context: session.context,
      setting: settingsOf(session.project).handoffAt,
      ask: session.handoffAsk,
      isForPerson: task.status === "needs-input",
      isFinishing: finisher.isFinishing(task.id, session.id),
    });
  }

  async #ask(session: SessionRecord): Promise<void> {
    const at = this.#parts.clock.now().toISOString();
    const times = (session.handoffAsk?.times ?? 0) + 1;
    this.#save(session, { at, times, isDelivered: false });
    await this.#parts.sessions.messages.send(session.id, HANDOFF_ASK);
  }

  async #take(session: SessionRecord, task: TaskRecord, why: string): Promise<void> {
    const { store, steps, sessions, describeWork, settingsOf } = this.#parts;
    const seen = await describeWork(session, task);
    // A dialog may have opened, or its checks begun, while its work was looked at.
    const current = store.sessions.find(session.id);
    const held = current && steps.heldBy(current);
    if (!held || this.#plan(current, held).kind !== "take") return;
    const maxOf = (project: SessionRecord["project"]) => settingsOf(project).handoffsMax;
    const done = `The session before you could not write this note itself: ${why}. This is what can be seen of its work.\n\n${seen.done}`;
    if (handOver({ ...this.#parts, maxOf }, current, "supervisor", { ...seen, done }))
      await sessions.end(session.id, "ended", "supervisor");
  }

  #noteDelivered(id: SessionId): void {
    const session = this.#parts.store.sessions.find(id);
    if (session?.handoffAsk) this.#save(session, { ...session.handoffAsk, isDelivered: true });
  }

  #save({ id }: SessionRecord, handoffAsk: SessionRecord["handoffAsk"]): void {
    const { store } = this.#parts;
    store.write("supervisor", (record) => {
      store.sessions.update(id, { handoffAsk });
      record("session.handoff", id, { asked: handoffAsk });
    });
  }

  #lookIn(id: SessionId, ms: number): void {
    if (this.#waiting.has(id)) return;
    this.#waiting.add(id);
    this.#parts.clock.wait(ms, this.#leaving.signal).then(
      () => {
        this.#waiting.delete(id);
        try {
          this.#look(id);
        } catch (error) {
          this.#failed(id, error);
        }
      },
      () => undefined,
    );
  }

  #failed(id: SessionId, error: unknown): void {
    this.#parts.log.error({ error, session: id }, "a handoff failed");
    this.#lookIn(id, LOOK_AGAIN_MS);
  }

  /** One thing at a time for a session. What came meanwhile is looked at afterwards; what failed is tried again after a while. */
  #inBackground(id: SessionId, work: () => Promise<void>): void {
    this.#busy.set(id, false);
    work()
      .catch((error) => this.#failed(id, error))
      .then(() => {
        const isStale = this.#busy.get(id);
        this.#busy.delete(id);
        if (isStale && !this.#leaving.signal.aborted) this.#look(id);
      })
      .catch((error) => this.#failed(id, error));
  }
}
