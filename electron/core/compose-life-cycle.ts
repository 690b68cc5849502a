import type { KeeperParts } from "./compose-keepers.ts";
import type { SessionRecord } from "./store/store.ts";
import { AwakeKeeper } from "./supervisor/awake-keeper.ts";
import { IdleKeeper } from "./supervisor/idle-keeper.ts";
import type { Keeper } from "./supervisor/keeper.ts";
import { SlotKeeper } from "./supervisor/slot-keeper.ts";

const IDLE_MINUTES = 60;
/** Who is at the machine answers within this; a conversation that is continued later has to be read by the provider anew. */
const SLOT_MINUTES = 1;

/** What stops idle sessions and lets others have their slots, and what keeps the machine awake for those that work. */
export function composeLifeCycle(parts: KeeperParts): readonly Keeper[] {
  const { store, clock, log, sessions, dispatcher, finisher, settings, watched, keepAwake } = parts;
  const guardMinutes = (
    { project: name }: Pick<SessionRecord, "project">,
    guard: "idle-minutes" | "slot-minutes",
    usual: number,
  ) => {
    const project = name === null ? undefined : store.projects.find(name);
    const { guards } = project ? settings.of(project) : settings.person();
    const minutes = guards?.[guard] ?? usual;
    return minutes === "off" ? null : minutes;
  };
  return [
    new IdleKeeper({
      store,
      clock,
      log,
      sessions,
      finisher,
      isWatched: (session) => watched.isWatched(session),
      idleMinutes: (session) => guardMinutes(session, "idle-minutes", IDLE_MINUTES),
    }),
    new SlotKeeper({
      store,
      clock,
      log,
      sessions,
      finisher,
      dispatcher,
      hasKeyboard: (session) => watched.hasKeyboard(session),
      patienceMinutes: (session) => guardMinutes(session, "slot-minutes", SLOT_MINUTES),
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
