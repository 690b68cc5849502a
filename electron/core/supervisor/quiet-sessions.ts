import type { Instant, SessionId } from "../../../shared/model/ids.ts";
import type { Clock } from "../base/clock.ts";
import type { SessionRecord } from "../store/store.ts";

/** How long sessions have been as they are, by the clock that never jumps and from when they were first seen so. */
export class QuietSessions {
  readonly #clock: Clock;
  readonly #seen = new Map<SessionId, { readonly since: Instant; readonly fromMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Those that have been quiet for their minutes (null: never enough). One that is not named is forgotten. */
  findDue(
    quiet: readonly SessionRecord[],
    minutesOf: (session: SessionRecord) => number | null,
  ): readonly SessionRecord[] {
    const ids = new Set(quiet.map(({ id }) => id));
    for (const id of this.#seen.keys()) if (!ids.has(id)) this.#seen.delete(id);
    return quiet.filter((session) => {
      const minutes = minutesOf(session);
      const quietMs = this.#measure(session);
      return minutes !== null && quietMs !== null && quietMs >= minutes * 60_000;
    });
  }

  /** Null for one that is seen so for the first time. */
  #measure({ id, since }: SessionRecord): number | null {
    const nowMs = this.#clock.monotonicMs();
    const known = this.#seen.get(id);
    if (known?.since === since) return nowMs - known.fromMs;
    this.#seen.set(id, { since, fromMs: nowMs });
    return null;
  }
}
