import type { Clock } from "../base/clock.ts";
import type { Store } from "../store/store.ts";

const DAY_MS = 24 * 3_600_000;
/** As long as the logs of the sessions that asked. */
const KEPT_MS = 30 * DAY_MS;
/** What a session asked before is rarely looked at; a loop that asks the same all day must not fill the store. */
const KEPT_OF_A_SESSION = 500;

export interface AskPruning {
  readonly store: Store;
  readonly clock: Clock;
}

/** Deletes asks that were closed long ago, or of which a session has too many, and says so. Open ones stay, and a session's newest. */
export function pruneAsks({ store, clock }: AskPruning): void {
  const before = (ms: number) => new Date(clock.now().getTime() - ms).toISOString();
  // An answer is sent again when its request comes again after a crash; that takes no day.
  const given = {
    closedBefore: before(KEPT_MS),
    keptAfter: before(DAY_MS),
    keptOfASession: KEPT_OF_A_SESSION,
  };
  if (store.asks.countPrunable(given) === 0) return;
  store.write("ask keeper", (record) => {
    const count = store.asks.prune(given);
    const what = count === 1 ? "ask that was answered was" : "asks that were answered were";
    record("asks.pruned", "store", { reason: `${count} ${what} deleted for age.`, count });
  });
}
