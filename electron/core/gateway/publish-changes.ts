import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Changed, Rows, Snapshot } from "../../../shared/contract/rows.ts";
import type { Peer } from "../../../shared/contract/rpc.ts";
import type { Ask } from "../../../shared/model/ask.ts";
import type { LiveForecasts } from "../merge-queue/live-forecasts.ts";
import type { AskRecord, Store, Touched } from "../store/store.ts";
import type { LiveHealth } from "./live-health.ts";
import { splitChanged } from "./split-changed.ts";

/** How much of the past a window is given at once, for its activity list. */
const RECENT_EVENTS = 300;

/**
 * Gives a connection the rows as they are and, from then on, everything that changes. Both happen between two commits, so
 * that nothing is missed and nothing comes twice.
 */
export function watchStore(
  store: Store,
  { health, forecasts }: { readonly health: LiveHealth; readonly forecasts: LiveForecasts },
  peer: Peer<AppContract>,
): Snapshot {
  const snapshot = {
    seq: store.events.lastSeq(),
    rows: allRows(store),
    recent: [...store.events.newest(RECENT_EVENTS)],
  };
  const stop = store.onCommit(({ events, touched }) => {
    const changed: Changed = {
      seq: store.events.lastSeq(),
      events: [...events],
      rows: touchedRows(store, touched),
      removed: { projects: [...touched.removedProjects], profiles: [...touched.removedProfiles] },
    };
    for (const part of splitChanged(changed)) peer.emit("changed", part);
  });
  peer.onClose(stop);
  peer.emit("health", health.read());
  peer.onClose(health.onChange((now) => peer.emit("health", now)));
  for (const forecast of forecasts.list()) peer.emit("forecast", forecast);
  peer.onClose(forecasts.onChange((now) => peer.emit("forecast", now)));
  return snapshot;
}

export function allRows(store: Store): Rows {
  return {
    projects: [...store.projects.list()],
    profiles: [...store.profiles.list()],
    plans: [...store.plans.list()],
    tasks: [...store.tasks.list()],
    sessions: [...store.sessions.list()],
    entries: [...store.entries.list()],
    asks: store.asks.list({ isOpen: true }).map(toAsk),
    fleet: [store.fleet.read()],
  };
}

function touchedRows(store: Store, touched: Touched): Partial<Rows> {
  return {
    ...rowsOf("projects", touched.projects, (id) => store.projects.find(id)),
    ...rowsOf("profiles", touched.profiles, (id) => store.profiles.find(id)),
    ...rowsOf("plans", touched.plans, (id) => store.plans.find(id)),
    ...rowsOf("tasks", touched.tasks, (id) => store.tasks.find(id)),
    ...rowsOf("sessions", touched.sessions, (id) => store.sessions.find(id)),
    ...rowsOf("entries", touched.entries, (id) => store.entries.find(id)),
    ...rowsOf("asks", touched.asks, (id) => {
      const ask = store.asks.find(id);
      return ask && toAsk(ask);
    }),
    ...(touched.fleet ? { fleet: [store.fleet.read()] } : {}),
  };
}

/** Without the input of the tool, which may be large and is told by `detail`. */
export function toAsk({ request: _request, input: _input, ...ask }: AskRecord): Ask {
  return ask;
}

function rowsOf<K extends keyof Rows, Id>(
  key: K,
  ids: ReadonlySet<Id>,
  find: (id: Id) => Rows[K][number] | undefined,
): Partial<Rows> {
  const rows = [...ids].map(find).filter((row) => row !== undefined);
  // The key and the rows belong together by this function's own signature.
  return rows.length > 0 ? ({ [key]: rows } as Partial<Rows>) : {};
}
