import type { SessionId } from "../../../shared/model/ids.ts";

/** What counts as "of late". */
const SPAN_MS = 15 * 60_000;
/** A share of little says little. */
const LEAST_TOKENS = 100_000;
/** Among so few somebody always has the largest share. */
const LEAST_SESSIONS = 3;

interface Sample {
  readonly atMs: number;
  readonly tokens: ReadonlyMap<SessionId, number>;
}

/** How the tokens of late are spread over the sessions. It begins anew with each core. */
export class FleetShare {
  #samples: readonly Sample[] = [];

  /** Tokens that each working session has used so far; `atMs` by a clock that never jumps. */
  note(atMs: number, tokens: ReadonlyMap<SessionId, number>): void {
    const kept = this.#samples.filter((sample) => atMs - sample.atMs <= SPAN_MS);
    this.#samples = [...kept, { atMs, tokens }];
  }

  /** In percent; null while too little was used, or too few sessions work. */
  shareOf(id: SessionId): number | null {
    const [first, newest] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !newest || newest.tokens.size < LEAST_SESSIONS) return null;
    const used = (session: SessionId) =>
      (newest.tokens.get(session) ?? 0) - (first.tokens.get(session) ?? 0);
    const whole = [...newest.tokens.keys()].reduce((sum, session) => sum + used(session), 0);
    return whole < LEAST_TOKENS ? null : (100 * used(id)) / whole;
  }
}
