import type { KeeperParts } from "./compose-keepers.ts";
import { AwakeKeeper } from "./supervisor/awake-keeper.ts";
import { IdleKeeper } from "./supervisor/idle-keeper.ts";
import type { Keeper } from "./supervisor/keeper.ts";
import { SlotKeeper } from "./supervisor/slot-keeper.ts";

const IDLE_MINUTES = 60;

/** What stops idle sessions and lets others have their slots, and what keeps the machine awake for those that work. */
export function composeLifeCycle(parts: KeeperParts): readonly Keeper[] {
  const { store, clock, log, sessions, dispatcher, finisher, settings, watched, keepAwake } = parts;
  return [
    new IdleKeeper({
      store,
      clock,
      log,
      sessions,
      finisher,
      isWatched: (session) => watched.isWatched(session),
      idleMinutes: ({ project: name }) => {
        const project = name === null ? undefined : store.projects.find(name);
        const { guards } = project ? settings.of(project) : settings.person();
        const minutes = guards?.["idle-minutes"] ?? IDLE_MINUTES;
        return minutes === "off" ? null : minutes;
      },
    }),
    new SlotKeeper({
      store,
      clock,
      log,
      sessions,
      finisher,
      dispatcher,
      hasKeyboard: (session) => watched.hasKeyboard(session),
    }),
    new AwakeKeeper({
      store,
      clock,
      log,
      isOn: () => (settings.person().power?.["keep-awake"] ?? "on") === "on",
      hold: keepAwake,
    }),
  ];
}
