import type { KeeperParts } from "./compose-keepers.ts";
import { probeEach } from "./supervisor/boot-probes.ts";
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
    recheckProfiles: (signal) =>
      probeEach(
        { store, log, probe: ({ name }) => composed.profiles.recheck(name, signal) },
        store.profiles.list().filter(({ state }) => state !== "disabled"),
        signal,
      ),
    wakeDispatcher: () => dispatcher.wake(),
  });
}
