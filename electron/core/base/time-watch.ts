import type { Clock } from "./clock.ts";
import { compareTimes, type TimeStep, type Times } from "./plan-wake.ts";

/** Says what became of the time since it was last asked: whether the machine slept, whether the wall clock was set. */
export class TimeWatch {
  readonly #clock: Clock;
  #last: Times;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#last = read(clock);
  }

  /** `everyMs`: how far apart looks are meant to be; null when they come at any time. */
  look(everyMs: number | null): TimeStep {
    const now = read(this.#clock);
    const step = compareTimes(this.#last, now, everyMs);
    this.#last = now;
    return step;
  }
}

function read(clock: Clock): Times {
  return {
    wallMs: clock.now().getTime(),
    monotonicMs: clock.monotonicMs(),
    uptimeMs: clock.uptimeMs(),
  };
}
