import type { Clock } from "../base/clock.ts";

const BEAT_MS = 5_000;
/** One that comes late is a busy machine. */
const MISSED_MAX = 2;

export interface PulseListeners {
  /** Called once, with the moment from which on nothing was answered. */
  readonly onSilent: (since: Date) => void;
  /** Called once, by the first answer after that. */
  readonly onAnswering: () => void;
}

/**
 * Asks for a sign of life every five seconds until `signal` aborts, and tells when two in a row are missed. What was not answered is
 * not asked again: its answer is the one that ends the silence. A core that stood still itself counts one missed beat at most.
 */
export async function watchPulse(
  ask: () => Promise<unknown>,
  clock: Clock,
  listeners: PulseListeners,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const askedAt = clock.now();
    const answered = ask().then(
      () => "answered" as const,
      // An error is an answer; whether the connection is gone is told elsewhere.
      () => "answered" as const,
    );
    let missed = 0;
    for (;;) {
      const beat = clock.wait(BEAT_MS, signal).then(
        () => "missed" as const,
        () => "over" as const,
      );
      const came = await Promise.race([answered, beat]);
      if (came === "over") return;
      if (came === "answered") {
        if (missed >= MISSED_MAX) listeners.onAnswering();
        if ((await beat) === "over") return;
        break;
      }
      missed += 1;
      if (missed === MISSED_MAX) listeners.onSilent(askedAt);
    }
  }
}
