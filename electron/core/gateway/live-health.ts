import type { CoreHealth } from "../../../shared/model/core-health.ts";

/** How this core is, for whoever asks and whoever listens. */
export class LiveHealth {
  readonly #listeners = new Set<(health: CoreHealth) => void>();
  #health: CoreHealth;

  constructor(health: CoreHealth) {
    this.#health = health;
  }

  read(): CoreHealth {
    return this.#health;
  }

  change(change: Partial<CoreHealth>): void {
    this.#health = { ...this.#health, ...change };
    for (const listener of this.#listeners) listener(this.#health);
  }

  /** Resolves when the terminal host answers nothing, at once where that is so already; never once the signal aborts. */
  untilSilent(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const look = ({ hostSilence }: CoreHealth) => {
        if (hostSilence !== null) resolve();
      };
      signal.addEventListener("abort", this.onChange(look), { once: true });
      look(this.#health);
    });
  }

  /** Returns the way to stop. */
  onChange(listener: (health: CoreHealth) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
