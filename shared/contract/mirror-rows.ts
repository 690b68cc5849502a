import type { Ask } from "../model/ask.ts";
import type { BuildLock } from "../model/build-lock.ts";
import type { CoreHealth } from "../model/core-health.ts";
import type { Event } from "../model/event.ts";
import type { Forecast } from "../model/forecast.ts";
import { isSameValue } from "../model/is-same-value.ts";
import type { Changed, Rows, Snapshot } from "./rows.ts";

/** What this window knows of the core: its rows as they are now, and the newest events, newest last. */
export interface MirrorRows extends Readonly<Rows> {
  readonly seq: number;
  readonly events: readonly Event[];
  readonly health: CoreHealth;
  /** Of each project that was looked at. */
  readonly forecasts: readonly Forecast[];
  readonly locks: readonly BuildLock[];
  /** False until the first snapshot came. */
  readonly isFilled: boolean;
}

/** Enough for a day of a busy fleet; what is older is asked for. */
export const KEPT_EVENTS = 2_000;

export const emptyMirror: MirrorRows = {
  seq: 0,
  events: [],
  health: { isRecovering: false, hostSilence: null },
  forecasts: [],
  locks: [],
  isFilled: false,
  projects: [],
  profiles: [],
  plans: [],
  tasks: [],
  sessions: [],
  entries: [],
  asks: [],
  fleet: [],
};

export function fromSnapshot(snapshot: Snapshot): MirrorRows {
  const events = [...snapshot.recent].sort((a, b) => a.seq - b.seq).slice(-KEPT_EVENTS);
  const { health, forecasts, locks } = emptyMirror;
  return { ...snapshot.rows, seq: snapshot.seq, events, health, forecasts, locks, isFilled: true };
}

/** A change that is older than what the mirror holds says nothing new. One of the same age may carry gauges. */
export function applyChanged(mirror: MirrorRows, changed: Changed): MirrorRows {
  if (changed.seq < mirror.seq) return mirror;
  const { rows, removed } = changed;
  return {
    seq: changed.seq,
    isFilled: mirror.isFilled,
    health: mirror.health,
    forecasts: mirror.forecasts,
    locks: mirror.locks,
    events: addEvents(mirror.events, changed.events),
    projects: without(put(mirror.projects, rows.projects, byName), removed.projects, byName),
    profiles: without(put(mirror.profiles, rows.profiles, byName), removed.profiles, byName),
    plans: put(mirror.plans, rows.plans, byId),
    tasks: put(mirror.tasks, rows.tasks, byId),
    sessions: put(mirror.sessions, rows.sessions, byId),
    entries: put(mirror.entries, rows.entries, byId),
    asks: putOpen(mirror.asks, rows.asks),
    fleet: rows.fleet ?? mirror.fleet,
  };
}

export function putForecast(forecasts: readonly Forecast[], fresh: Forecast): readonly Forecast[] {
  return [...forecasts.filter(({ project }) => project !== fresh.project), fresh];
}

const byName = (row: { readonly name: string }) => row.name;
const byId = (row: { readonly id: string }) => row.id;

/**
 * Keeps each row that did not change, and the array itself when none did, so that nothing that reads them is drawn again: the core
 * tells of a whole queue whenever one of its entries changes.
 */
function put<Row>(old: Row[], fresh: Row[] | undefined, keyOf: (row: Row) => string): Row[] {
  if (!fresh || fresh.length === 0) return old;
  const byKey = new Map(fresh.map((row) => [keyOf(row), row]));
  const kept = old.map((row) => {
    const key = keyOf(row);
    const replacement = byKey.get(key);
    byKey.delete(key);
    return replacement === undefined || isSameValue(row, replacement) ? row : replacement;
  });
  const isSame = byKey.size === 0 && kept.every((row, at) => row === old[at]);
  return isSame ? old : [...kept, ...byKey.values()];
}

/** Only what is still open is kept: nobody looks at an ask that was answered. */
function putOpen(old: Ask[], fresh: Ask[] | undefined): Ask[] {
  return fresh ? put(old, fresh, byId).filter((ask) => ask.state === "open") : old;
}

function without<Row>(rows: Row[], keys: readonly string[], keyOf: (row: Row) => string): Row[] {
  if (keys.length === 0) return rows;
  return rows.filter((row) => !keys.includes(keyOf(row)));
}

function addEvents(old: readonly Event[], fresh: readonly Event[]): readonly Event[] {
  const last = old.at(-1)?.seq ?? 0;
  const added = fresh.filter((event) => event.seq > last);
  return added.length === 0 ? old : [...old, ...added].slice(-KEPT_EVENTS);
}
