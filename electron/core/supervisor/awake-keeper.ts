import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Store } from "../store/store.ts";
import type { Keeper } from "./keeper.ts";

/** One turn ends and the next begins: the machine is let go only when nothing followed for so long. */
const LINGER_MS = 60_000;
/** What failed to keep the machine awake is not tried again at every turn. */
const AGAIN_MS = 10 * 60_000;

/** Keeps the machine awake until it is disposed of. */
export interface Hold extends AsyncDisposable {
  /** Resolves to why when it holds no more although nobody let go. */
  readonly lost: Promise<string>;
}

export interface AwakeParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly isOn: () => boolean;
  /** Null where there is no way to. */
  readonly hold: () => Hold | null;
}

/** Keeps the machine from sleeping while sessions work. */
export class AwakeKeeper implements Keeper {
  readonly #parts: AwakeParts;
  #hold: Hold | null = null;
  #letting: AbortController | null = null;
  #stopListening: (() => void) | null = null;
  #notBeforeMs = 0;

  constructor(parts: AwakeParts) {
    this.#parts = parts;
  }

  run(): void {
    this.#stopListening = this.#parts.store.onCommit(({ touched }) => {
      if (touched.sessions.size > 0) this.#look();
    });
    this.#look();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopListening?.();
    await this.#letGo();
  }

  #look(): void {
    const { store, isOn } = this.#parts;
    const isWorking = store.sessions
      .list({ isLive: true })
      .some(({ state }) => state === "working" || state === "starting");
    if (isWorking && isOn()) this.#keep();
    else if (this.#hold) this.#letGoSoon();
  }

  #keep(): void {
    this.#letting?.abort(new Error("work goes on"));
    this.#letting = null;
    const { clock, log, hold } = this.#parts;
    if (this.#hold || clock.monotonicMs() < this.#notBeforeMs) return;
    const held = hold();
    // Looked for again later: it may be installed by then.
    if (!held) this.#notBeforeMs = clock.monotonicMs() + AGAIN_MS;
    this.#hold = held;
    void held?.lost.then((why) => {
      if (this.#hold !== held) return;
      log.warn({ why }, "the machine is not kept awake");
      this.#hold = null;
      this.#notBeforeMs = clock.monotonicMs() + AGAIN_MS;
    });
  }

  #letGoSoon(): void {
    if (this.#letting) return;
    const letting = new AbortController();
    this.#letting = letting;
    this.#parts.clock
      .wait(LINGER_MS, letting.signal)
      .then(() => this.#letGo())
      .catch((error: unknown) => {
        if (!letting.signal.aborted)
          this.#parts.log.error({ error }, "letting the machine sleep failed");
      });
  }

  async #letGo(): Promise<void> {
    this.#letting?.abort(new Error("let go"));
    this.#letting = null;
    const held = this.#hold;
    this.#hold = null;
    await held?.[Symbol.asyncDispose]();
  }
}
