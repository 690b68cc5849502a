import type { SessionId } from "../../../shared/model/ids.ts";
import type { Clock } from "../base/clock.ts";
import { networkWaitMs } from "./plan-recovery.ts";

/**
 * Sessions whose provider could not be reached, each waiting until it is tried again: ever longer while it stays away. The waits
 * are not saved: after a restart of the core the first one is as short as ever.
 */
export class NetworkWaits {
  readonly #clock: Clock;
  readonly #tries = new Map<SessionId, number>();
  readonly #waiting = new Set<SessionId>();
  readonly #leaving = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `goOn` when the wait is over. Returns when that is; null when this session waits already. */
  begin(id: SessionId, goOn: () => void): Date | null {
    if (this.#waiting.has(id)) return null;
    this.#waiting.add(id);
    const tries = this.#tries.get(id) ?? 0;
    this.#tries.set(id, tries + 1);
    const waitMs = networkWaitMs(tries);
    this.#clock.wait(waitMs, this.#leaving.signal).then(
      () => {
        this.#waiting.delete(id);
        goOn();
      },
      () => undefined,
    );
    return new Date(this.#clock.now().getTime() + waitMs);
  }

  /** Its provider has answered. */
  reached(id: SessionId): void {
    this.#tries.delete(id);
  }

  dispose(): void {
    this.#leaving.abort(new Error("the core is stopping"));
  }
}
