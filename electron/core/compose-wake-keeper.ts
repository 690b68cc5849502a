import type { KeeperParts } from "./compose-keepers.ts";
import type { Keeper } from "./supervisor/keeper.ts";
import { WakeKeeper } from "./supervisor/wake-keeper.ts";

/** What takes things up again after the machine slept. */
export function composeWakeKeeper({
  store,
  clock,
  log,
  composed,
  dispatcher,
}: KeeperParts): Keeper {
  return new WakeKeeper({
    store,
    clock,
    log,
    recheckProfiles: async (signal) => {
      for (const { name, state } of store.profiles.list())
        if (state !== "disabled") await composed.profiles.recheck(name, signal);
    },
    wakeDispatcher: () => dispatcher.wake(),
  });
}
