import type { Profile } from "../../../shared/model/profile.ts";
import type { Log } from "../base/log.ts";
import type { Store } from "../store/store.ts";
import type { Keeper } from "./keeper.ts";

export interface ProbesParts {
  readonly store: Pick<Store, "profiles">;
  readonly log: Log;
  readonly probe: (profile: Profile, signal: AbortSignal) => Promise<unknown>;
}

/**
 * Asks once, after a start of the core, who is signed in to each profile, one after another. Work goes out meanwhile: what is wrong
 * with one of them keeps neither the next nor the core from going on.
 */
export class BootProbes implements Keeper {
  readonly #parts: ProbesParts;
  readonly #leaving = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(parts: ProbesParts) {
    this.#parts = parts;
  }

  run(): void {
    const { store } = this.#parts;
    this.#running = probeEach(this.#parts, store.profiles.list(), this.#leaving.signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.abort(new Error("the core is stopping"));
    await this.#running;
  }
}

/** One after another; one that fails keeps no other from being asked. */
export async function probeEach(
  { store, log, probe }: ProbesParts,
  profiles: readonly Profile[],
  signal: AbortSignal,
): Promise<void> {
  for (const { name } of profiles) {
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
