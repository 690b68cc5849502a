import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";

const LOOK_EVERY_MS = 3_600_000;

export interface PrunerParts {
  readonly clock: Clock;
  readonly log: Log;
  /** What is deleted, for the log: "old asks". */
  readonly what: string;
  /** Deletes what is due now and says so. */
  readonly prune: () => void;
}

/** Deletes what has become too old, at its start and every hour; one that fails is told in the log and tried again. */
export class Pruner {
  readonly #parts: PrunerParts;
  #timer: Disposable | null = null;

  constructor(parts: PrunerParts) {
    this.#parts = parts;
  }

  run(): void {
    this.#timer = this.#parts.clock.every(LOOK_EVERY_MS, () => this.#look());
    this.#look();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.[Symbol.dispose]();
  }

  #look(): void {
    const { log, what, prune } = this.#parts;
    try {
      prune();
    } catch (error) {
      log.warn({ error }, `${what} could not be deleted`);
    }
  }
}
