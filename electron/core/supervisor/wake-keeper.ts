import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { TimeWatch } from "../base/time-watch.ts";
import type { Store } from "../store/store.ts";
import type { Keeper } from "./keeper.ts";

const LOOK_EVERY_MS = 5_000;

interface WakeParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Asks each profile who is signed in, one after another. */
  readonly recheckProfiles: (signal: AbortSignal) => Promise<void>;
  readonly wakeDispatcher: () => void;
}

/**
 * Notices that the machine slept, and takes things up again in order: who is signed in is asked anew, then work goes out, through
 * the gate that staggers starts. A wall clock that was set is told.
 */
export class WakeKeeper implements Keeper {
  readonly #parts: WakeParts;
  readonly #time: TimeWatch;
  readonly #leaving = new AbortController();
  #looking: Disposable | null = null;
  #resuming: Promise<void> = Promise.resolve();

  constructor(parts: WakeParts) {
    this.#parts = parts;
    this.#time = new TimeWatch(parts.clock);
  }

  run(): void {
    this.#looking ??= this.#parts.clock.every(LOOK_EVERY_MS, () => this.#look());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#looking?.[Symbol.dispose]();
    this.#leaving.abort(new Error("the core is stopping"));
    await this.#resuming;
  }

  #look(): void {
    const { store, log } = this.#parts;
    const { sleptMs, jumpedMs } = this.#time.look(LOOK_EVERY_MS);
    if (jumpedMs !== 0)
      store.write("clock", (record) => record("core.clock-set", "core", { byMs: jumpedMs }));
    if (sleptMs === 0) return;
    store.write("clock", (record) => record("core.woke", "core", { sleptMs }));
    this.#resuming = this.#resuming
      .then(() => this.#resume())
      .catch((error: unknown) => {
        if (!this.#leaving.signal.aborted) log.error({ error }, "going on after sleep failed");
      });
  }

  async #resume(): Promise<void> {
    const { signal } = this.#leaving;
    if (signal.aborted) return;
    await this.#parts.recheckProfiles(signal);
    this.#parts.wakeDispatcher();
  }
}
