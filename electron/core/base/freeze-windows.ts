import { clockOf, ownZone } from "../../../shared/model/describe-moment.ts";
import type { Frozen, HandFreeze } from "../../../shared/model/freeze.ts";
import type { Instant } from "../../../shared/model/ids.ts";
import type { FreezeWindow } from "../../../shared/model/settings.ts";
import { hoursAt } from "./working-hours.ts";

/** Windows that keep taking turns: beyond so many it is looked again then. */
const TURNS_MAX = 20;

/**
 * Whether nothing may land at a moment, and until when: what a person froze by hand and every window together. It depends on the
 * moment alone, so a clock that is set, a restart and a day on which clocks change are nothing special.
 */
export function frozenAt(
  byHand: HandFreeze | null | undefined,
  windows: readonly FreezeWindow[],
  now: Date,
): Frozen | null {
  const byPerson = handEnd(byHand, now);
  const first = latest([byPerson, ...windows.map((window) => windowEnd(window, now))]);
  if (first === undefined) return null;
  const by = byPerson === undefined ? "settings" : "person";
  let until = first;
  for (let turn = 0; until !== null && turn < TURNS_MAX; turn++) {
    const at = new Date(until);
    const next = latest([handEnd(byHand, at), ...windows.map((window) => windowEnd(window, at))]);
    if (next === undefined) break;
    until = next;
  }
  return { by, until };
}

/** Undefined: it is over, or there is none. Null: it has no end. */
type End = Instant | null | undefined;

function handEnd(byHand: HandFreeze | null | undefined, now: Date): End {
  if (!byHand) return undefined;
  if (byHand.until === null) return null;
  return Date.parse(byHand.until) > now.getTime() ? byHand.until : undefined;
}

function windowEnd({ from, to, days, timezone }: FreezeWindow, now: Date): End {
  // Where the clocks are put on, a window can fall into the hour that there is not: begun, it would find its end on the next day only.
  if (!isClockWithin(clockOf(now, timezone ?? ownZone()), from, to)) return undefined;
  const spans = daysOf(days).map((day) => `${day}${from}-${to}`);
  const zone = timezone === undefined ? {} : { "time-zone": timezone };
  // A freeze lasts as working hours do that are written as spans: within one, as many as may.
  const { workers, until } = hoursAt({ ...zone, hours: spans }, now);
  return workers === null ? until : undefined;
}

function isClockWithin(clock: string, from: string, to: string): boolean {
  return from < to ? clock >= from && clock < to : clock >= from || clock < to;
}

function daysOf(days: FreezeWindow["days"]): readonly string[] {
  if (days === undefined) return [""];
  return (Array.isArray(days) ? days : [days]).map((day) => `${day} `);
}

function latest(ends: readonly End[]): End {
  const inForce = ends.filter((end) => end !== undefined);
  if (inForce.includes(null)) return null;
  return inForce.toSorted().at(-1);
}
