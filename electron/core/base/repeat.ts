import type { Clock } from "./clock.ts";

export interface RepeatParts {
  readonly clock: Clock;
  readonly everyMs: number;
  readonly work: () => void | Promise<void>;
  /** One round failed; the next comes all the same. */
  readonly onError: (error: unknown) => void;
}

/** Does one piece of work when it starts and every so often after that, never twice at once: a round that takes longer has the next left out. */
export class Repeat implements AsyncDisposable {
  readonly #parts: RepeatParts;
  #timer: Disposable | null = null;
  #round: Promise<void> | null = null;

  constructor(parts: RepeatParts) {
    this.#parts = parts;
  }

  run(): void {
    const { clock, everyMs } = this.#parts;
    this.#timer = clock.every(everyMs, () => this.#begin());
    this.#begin();
  }

  /** Resolves when the round under way, if there is one, is over. */
  async settled(): Promise<void> {
    await this.#round;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    await this.#round;
  }

  #begin(): void {
    this.#round ??= this.#do().finally(() => {
      this.#round = null;
    });
  }

  async #do(): Promise<void> {
    const { work, onError } = this.#parts;
    try {
      await work();
    } catch (error) {
      onError(error);
    }
  }
}
