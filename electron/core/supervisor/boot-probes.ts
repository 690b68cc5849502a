import type { Profile } from "../../../shared/model/profile.ts";
import type { Log } from "../base/log.ts";
import type { Store } from "../store/store.ts";
import type { Keeper } from "./keeper.ts";

interface BootProbesParts {
  readonly store: Pick<Store, "profiles">;
  readonly log: Log;
  readonly probe: (profile: Profile, signal: AbortSignal) => Promise<unknown>;
}

/**
 * Asks once, after a start of the core, who is signed in to each profile, one after another. Work goes out meanwhile: what is wrong
 * with one of them keeps neither the next nor the core from going on.
 */
export class BootProbes implements Keeper {
  readonly #parts: BootProbesParts;
  readonly #leaving = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(parts: BootProbesParts) {
    this.#parts = parts;
  }

  run(): void {
    this.#running = this.#probeAll();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.abort(new Error("the core is stopping"));
    await this.#running;
  }

  async #probeAll(): Promise<void> {
    const { store, log, probe } = this.#parts;
    const { signal } = this.#leaving;
    for (const { name } of store.profiles.list()) {
      if (signal.aborted) return;
      // It may have been removed while another was asked.
      const profile = store.profiles.find(name);
      if (!profile) continue;
      try {
        await probe(profile, signal);
      } catch (error) {
        if (!signal.aborted) log.error({ error, profile: name }, "checking a profile failed");
      }
    }
  }
}
