import type { Clock } from "./clock.ts";
import { TimeWatch } from "./time-watch.ts";

const BEAT_MS = 10_000;

/** Says of the time since it was made whether the machine slept, or all of us was frozen, for half a minute or longer at once. */
export class SleepWatch implements Disposable {
  readonly #watch: TimeWatch;
  readonly #timer: Disposable;
  #hasSlept = false;

  constructor(clock: Clock) {
    this.#watch = new TimeWatch(clock);
    this.#timer = clock.every(BEAT_MS, () => this.#look());
  }

  hasSlept(): boolean {
    this.#look();
    return this.#hasSlept;
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }

  #look(): void {
    if (this.#watch.look(BEAT_MS).sleptMs > 0) this.#hasSlept = true;
  }
}
