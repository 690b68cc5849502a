import type { SessionId } from "../../../shared/model/ids.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { Repeat } from "../base/repeat.ts";
import type { SessionRecord, Store } from "../store/store.ts";
import type { Sessions } from "../worker/sessions.ts";
import { slotReason } from "../worker/stop-reasons.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { TaskFinisher } from "./finish-task.ts";
import type { Keeper } from "./keeper.ts";
import { QuietSessions } from "./quiet-sessions.ts";

const LOOK_EVERY_MS = 5_000;

export interface SlotParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly sessions: Pick<Sessions, "end">;
  readonly finisher: Pick<TaskFinisher, "isFinishing">;
  readonly dispatcher: Pick<Dispatcher, "findHeir">;
  /** Somebody may be typing into its pane. */
  readonly hasKeyboard: (session: SessionId) => boolean;
  /** How long it waits for the person before it gives its slot up; null: it never does. */
  readonly patienceMinutes: (session: SessionRecord) => number | null;
}

/**
 * Lets tasks that are ready have the slots of sessions that ended their turn and wait for the person, one at a time, the longest
 * waiting first. Their tasks wait on where they are; the next message continues the conversation once there is a slot.
 */
export class SlotKeeper implements Keeper {
  readonly #parts: SlotParts;
  readonly #waiting: QuietSessions;
  #isEnding = false;
  readonly #repeat: Repeat;

  constructor(parts: SlotParts) {
    this.#parts = parts;
    this.#waiting = new QuietSessions(parts.clock);
    this.#repeat = new Repeat({
      clock: parts.clock,
      everyMs: LOOK_EVERY_MS,
      work: () => this.#look(),
      onError: (error) => parts.log.error({ error }, "looking at sessions that wait failed"),
    });
  }

  run(): void {
    this.#repeat.run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#repeat[Symbol.asyncDispose]();
  }

  #look(): void {
    const waiting = this.#parts.store.sessions
      .list({ isLive: true })
      .filter((session) => this.#waitsForPerson(session));
    const due = this.#waiting.findDue(waiting, this.#parts.patienceMinutes);
    // What one slot more changes is known once it is free.
    if (this.#isEnding) return;
    // Whoever would get the slot of one would get that of any other of its profile and project.
    const vain = new Set<string>();
    for (const session of due.toSorted((a, b) => a.since.localeCompare(b.since))) {
      const slot = JSON.stringify([session.profile, session.project]);
      if (vain.has(slot)) continue;
      const heir = this.#parts.dispatcher.findHeir(session);
      if (!heir) {
        vain.add(slot);
        continue;
      }
      this.#giveUp(session, heir.id);
      return;
    }
  }

  #waitsForPerson({ id, kind, state, pinned, task: taskId }: SessionRecord): boolean {
    const { store, finisher, hasKeyboard } = this.#parts;
    // A dialog that is open is no ended turn: its state is `needs-input`.
    const hasEndedTurn = state === "idle" || state === "interrupted";
    if (kind !== "worker" || pinned || !hasEndedTurn || taskId === null) return false;
    const task = store.tasks.find(taskId);
    const isWaiting = task?.session === id && task.status === "needs-input";
    return isWaiting && !hasKeyboard(id) && !finisher.isFinishing(taskId, id);
  }

  #giveUp({ id }: SessionRecord, heir: string): void {
    const { sessions, log } = this.#parts;
    this.#isEnding = true;
    sessions
      .end(id, "stopped", "slot", { why: slotReason(heir) })
      .catch((error: unknown) =>
        log.error({ error, session: id }, "a session could not give up its slot"),
      )
      .finally(() => {
        this.#isEnding = false;
      });
  }
}
