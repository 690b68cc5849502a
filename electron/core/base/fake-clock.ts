import { setImmediate } from "node:timers/promises";
import type { Clock } from "./clock.ts";

/** For tests only: time stands still until the test moves it. */
export interface FakeClock extends Clock {
  /** Moves both clocks on and runs what falls due, in order, each with everything that follows from it. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock alone, as a person or a time server does. */
  jump(ms: number): void;
  /** The machine sleeps: the wall clock goes on, nothing else does, and nothing falls due. */
  sleep(ms: number): void;
  /** How many waits and repeats are under way. */
  pending(): number;
}

interface Timer {
  dueMs: number;
  readonly everyMs: number | null;
  readonly fire: () => void;
}

export function fakeClock(start = "2026-11-21T09:00:00.000Z"): FakeClock {
  let elapsedMs = 0;
  let wallMs = Date.parse(start);
  let sleptMs = 0;
  const timers = new Set<Timer>();

  function nextDue(untilMs: number): Timer | undefined {
    const due = [...timers].filter((timer) => timer.dueMs <= untilMs);
    return due.sort((a, b) => a.dueMs - b.dueMs)[0];
  }
  function moveTo(ms: number): void {
    wallMs += ms - elapsedMs;
    elapsedMs = ms;
  }

  return {
    now: () => new Date(wallMs),
    monotonicMs: () => elapsedMs,
    uptimeMs: () => elapsedMs + sleptMs,
    wait: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const timer: Timer = { dueMs: elapsedMs + ms, everyMs: null, fire: resolve };
        timers.add(timer);
        signal.addEventListener(
          "abort",
          () => {
            timers.delete(timer);
            reject(signal.reason);
          },
          { once: true },
        );
      }),
    every(ms, work) {
      const timer: Timer = { dueMs: elapsedMs + ms, everyMs: ms, fire: work };
      timers.add(timer);
      return { [Symbol.dispose]: () => void timers.delete(timer) };
    },
    async advance(ms) {
      const untilMs = elapsedMs + ms;
      for (let timer = nextDue(untilMs); timer; timer = nextDue(untilMs)) {
        moveTo(timer.dueMs);
        if (timer.everyMs === null) timers.delete(timer);
        else timer.dueMs += timer.everyMs;
        timer.fire();
        await setImmediate();
      }
      moveTo(untilMs);
      await setImmediate();
    },
    jump(ms) {
      wallMs += ms;
    },
    sleep(ms) {
      wallMs += ms;
      sleptMs += ms;
    },
    pending: () => timers.size,
  };
}
