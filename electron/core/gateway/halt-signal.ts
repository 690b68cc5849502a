/**
 * SIGUSR2 to the core's process stops everything, also when no window and no command gets through to it. One that comes before
 * somebody listens is kept. Without a listener it does nothing, where it would otherwise end the process.
 */
export class HaltSignal implements Disposable {
  #isAsked = false;
  #listener: (() => void) | null = null;
  readonly #onSignal = () => {
    this.#isAsked = true;
    this.#listener?.();
  };

  constructor() {
    process.on("SIGUSR2", this.#onSignal);
  }

  listen(listener: () => void): void {
    this.#listener = listener;
    if (this.#isAsked) listener();
  }

  [Symbol.dispose](): void {
    process.off("SIGUSR2", this.#onSignal);
  }
}
