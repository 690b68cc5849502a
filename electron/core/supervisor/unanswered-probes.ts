import type { Clock } from "../base/clock.ts";
import { Repeat } from "../base/repeat.ts";
import { isUnanswered } from "../profile/profile-machine.ts";
import { type ProbesParts, probeEach } from "./boot-probes.ts";
import type { Keeper } from "./keeper.ts";

/** Long enough for a machine that was too busy to answer, short enough for a person who waits for the work. */
const AGAIN_MS = 5 * 60_000;

/** Asks now and then who is signed in where nobody answered the last time: what a busy machine took from a profile comes back by itself. */
export class UnansweredProbes implements Keeper {
  readonly #leaving = new AbortController();
  readonly #repeat: Repeat;

  constructor(parts: ProbesParts & { readonly clock: Clock }) {
    const { store, log, clock } = parts;
    const { signal } = this.#leaving;
    this.#repeat = new Repeat({
      clock,
      everyMs: AGAIN_MS,
      work: () => probeEach(parts, store.profiles.list().filter(isUnanswered), signal),
      onError: (error) => log.error({ error }, "asking profiles again failed"),
    });
  }

  run(): void {
    this.#repeat.run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.abort(new Error("the core is stopping"));
    await this.#repeat[Symbol.asyncDispose]();
  }
}
