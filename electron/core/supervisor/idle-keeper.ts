import type { SessionId } from "../../../shared/model/ids.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { Repeat } from "../base/repeat.ts";
import type { SessionRecord, Store } from "../store/store.ts";
import type { Sessions } from "../worker/sessions.ts";
import { idleReason } from "../worker/stop-reasons.ts";
import type { TaskFinisher } from "./finish-task.ts";
import type { Keeper } from "./keeper.ts";
import { QuietSessions } from "./quiet-sessions.ts";

/** A twelfth of a minute: what an hour means to a person needs no more, and what a look costs is one query. */
const LOOK_EVERY_MS = 5_000;

export interface IdleParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly sessions: Pick<Sessions, "end">;
  readonly finisher: Pick<TaskFinisher, "isFinishing">;
  readonly isWatched: (session: SessionId) => boolean;
  /** How long a session may need nothing and nobody before it is stopped; null: for ever. */
  readonly idleMinutes: (session: SessionRecord) => number | null;
}

/**
 * Stops sessions that are idle and that nobody looks at, to free their memory. Their tasks wait on where they are; the next
 * message continues the conversation. Idle time counts by the clock that never jumps and from when this core first saw it.
 */
export class IdleKeeper implements Keeper {
  readonly #parts: IdleParts;
  readonly #quiet: QuietSessions;
  readonly #repeat: Repeat;

  constructor(parts: IdleParts) {
    this.#parts = parts;
    this.#quiet = new QuietSessions(parts.clock);
    this.#repeat = new Repeat({
      clock: parts.clock,
      everyMs: LOOK_EVERY_MS,
      work: () => this.#look(),
      onError: (error) => parts.log.error({ error }, "looking at idle sessions failed"),
    });
  }

  run(): void {
    this.#repeat.run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#repeat[Symbol.asyncDispose]();
  }

  #look(): void {
    const quiet = this.#parts.store.sessions
      .list({ isLive: true })
      .filter((session) => needsNothing(session) && !this.#isNeeded(session));
    const { idleMinutes } = this.#parts;
    for (const session of this.#quiet.findDue(quiet, idleMinutes)) this.#stop(session);
  }

  /** Somebody looks at it, or its work is being checked and it may have to mend it. */
  #isNeeded({ id, task }: SessionRecord): boolean {
    const { isWatched, finisher } = this.#parts;
    return isWatched(id) || (task !== null && finisher.isFinishing(task, id));
  }

  #stop(session: SessionRecord): void {
    const { idleMinutes, sessions, log } = this.#parts;
    const minutes = idleMinutes(session);
    if (minutes === null) return;
    sessions
      .end(session.id, "stopped", "idle", { why: idleReason(minutes) })
      .catch((error: unknown) =>
        log.error({ error, session: session.id }, "stopping an idle session failed"),
      );
  }
}

function needsNothing({ kind, state, pinned }: SessionRecord): boolean {
  return kind === "worker" && !pinned && (state === "idle" || state === "interrupted");
}
