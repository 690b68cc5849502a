import { uptime } from "node:os";

/** Node's timers fire at once beyond 2^31 - 1 ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Time, passed in so that tests hold it in their hands. */
export interface Clock {
  /** Wall-clock time: for what people read and what is stored. It can jump. */
  now(): Date;
  /** Milliseconds that never jump or go back: for measuring and for deadlines. */
  monotonicMs(): number;
  /** Milliseconds since the machine was started, time asleep included where the system tells. */
  uptimeMs(): number;
  /** Rejects with the signal's own reason when that comes first. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  /** Calls `work` every `ms`, first after `ms`, until disposed. Does not keep the process alive. */
  every(ms: number, work: () => void): Disposable;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  uptimeMs: () => uptime() * 1_000,
  wait: async (ms, signal) => {
    for (let left = ms; left > 0; left -= LONGEST_TIMER_MS) {
      await waitOnce(Math.min(left, LONGEST_TIMER_MS), signal);
    }
    signal.throwIfAborted();
  },
  every(ms, work) {
    const timer = setInterval(work, ms).unref();
    return { [Symbol.dispose]: () => clearInterval(timer) };
  },
};

function waitOnce(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    function stop(): void {
      clearTimeout(timer);
      reject(signal.reason);
    }
    signal.addEventListener("abort", stop, { once: true });
  });
}
