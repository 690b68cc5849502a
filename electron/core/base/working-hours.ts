import { Cron } from "croner";
import type { HoursDay, HoursStretch, HoursWeek } from "../../../shared/model/hours.ts";
import type { Instant } from "../../../shared/model/ids.ts";
import type { HoursLine, Settings } from "../../../shared/model/settings.ts";

type Dispatch = NonNullable<Settings["dispatch"]>;

/** How many workers may run now, and what runs whatever the hours say. */
export interface Hours {
  /** Null: as many as the project may run at any time. */
  readonly workers: number | null;
  /** Labels of tasks that start and go on all the same. */
  readonly essential: readonly string[];
  /** When this changes; null when it does not. */
  readonly until: Instant | null;
  readonly zone: string;
}

/** Changes that change nothing, e.g. of two lines that say the same, are passed over; a week of hourly ones has fewer. */
const LOOKS_MAX = 200;

/**
 * What working hours allow at a moment. Cron lines say from when on how many may run: the one whose time came last is in force.
 * Spans of time say when work may go on at all. Without hours it always may.
 */
export function hoursAt(dispatch: Dispatch | undefined, now: Date): Hours {
  const zone = zoneOf(dispatch);
  const lines = dispatch?.hours ?? [];
  const always = dispatch?.essential ?? [];
  if (lines.length === 0) return { workers: null, essential: always, until: null, zone };
  const at = (moment: Date) => allowedAt(lines, always, zone, moment);
  const { workers, essential } = at(now);
  const crons = lines.flatMap((line) => cronsOf(line, zone));
  let next = nextOf(crons, now);
  for (let looks = 0; next !== null && looks < LOOKS_MAX; looks++) {
    const then = at(next);
    if (then.workers !== workers || then.essential.join() !== essential.join())
      return { workers, essential, until: next.toISOString(), zone };
    next = nextOf(crons, next);
  }
  return { workers, essential, until: null, zone };
}

/** Working hours of the seven days that begin today, in clock times of the zone. */
export function weekOfHours(dispatch: Dispatch | undefined, now: Date): HoursWeek {
  const { zone, workers, essential, until } = hoursAt(dispatch, now);
  const midnight = cron("0 0 * * *", zone);
  const days: HoursDay[] = [];
  let start = previousOf(midnight, now);
  for (let n = 0; start && n < 7; n++) {
    const end = midnight.nextRun(start);
    if (!end) break;
    const stretches = stretchesOf(dispatch, start, end);
    days.push({ day: describeDay(start, zone), stretches });
    start = end;
  }
  return {
    zone,
    hasHours: (dispatch?.hours?.length ?? 0) > 0,
    now: { workers, essential: [...essential], until: until && describeMoment(until, zone) },
    days,
  };
}

function stretchesOf(dispatch: Dispatch | undefined, start: Date, end: Date): HoursStretch[] {
  const stretches: HoursStretch[] = [];
  for (let at = start; at < end && stretches.length < LOOKS_MAX; ) {
    const { workers, essential, until, zone } = hoursAt(dispatch, at);
    const next = until !== null && Date.parse(until) < end.getTime() ? new Date(until) : end;
    const to = next === end ? "24:00" : clockOf(next, zone);
    stretches.push({ from: clockOf(at, zone), to, workers, essential: [...essential] });
    at = next;
  }
  return stretches;
}

/** What is wrong with a cron line, as a sentence that says what would be right; null when it is good. */
export function findCronProblem(pattern: string, zone: string): string | null {
  const right = 'write a cron line such as "0 18 * * mon-fri": minute, hour, day, month, weekday';
  try {
    const cron = new Cron(pattern, { timezone: zone, mode: "5-part" });
    return cron.nextRun() === null ? `this time never comes; ${right}` : null;
  } catch {
    return right;
  }
}

/** The machine's own where none is set. */
export function zoneOf(dispatch: Dispatch | undefined): string {
  return dispatch?.["time-zone"] ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** For a person: `Mon 23 Nov, 18:00 (Europe/Berlin)`. */
export function describeMoment(instant: Instant, zone: string): string {
  const moment = new Date(instant);
  return `${describeDay(moment, zone)}, ${clockOf(moment, zone)} (${zone})`;
}

function describeDay(moment: Date, zone: string): string {
  const of = readMoment(moment, zone);
  return `${of("weekday")} ${of("day")} ${of("month")}`;
}

function clockOf(moment: Date, zone: string): string {
  const of = readMoment(moment, zone);
  return `${of("hour")}:${of("minute")}`;
}

function readMoment(moment: Date, zone: string) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(moment);
  return (type: Intl.DateTimeFormatPartTypes) =>
    parts.find((part) => part.type === type)?.value ?? "";
}

function allowedAt(
  lines: readonly HoursLine[],
  always: readonly string[],
  zone: string,
  moment: Date,
): Pick<Hours, "workers" | "essential"> {
  const timed = lines.filter((line) => typeof line !== "string");
  if (timed.length === 0) {
    const isOpen = lines.some((span) => typeof span === "string" && isWithin(span, zone, moment));
    return { workers: isOpen ? null : 0, essential: always };
  }
  let newest: { readonly atMs: number; readonly line: (typeof timed)[number] } | null = null;
  for (const line of timed) {
    const last = previousOf(cron(line.at, zone), moment);
    // Of two at one time the later in the file says how it is.
    if (last && last.getTime() >= (newest?.atMs ?? 0)) newest = { atMs: last.getTime(), line };
  }
  if (!newest) return { workers: null, essential: always };
  const { workers, essential = [] } = newest.line;
  return { workers: workers === "all" ? null : workers, essential: [...always, ...essential] };
}

function isWithin(span: string, zone: string, moment: Date): boolean {
  const [start, end] = cronsOf(span, zone);
  const begun = start && previousOf(start, moment);
  const over = begun && end?.nextRun(begun);
  return over ? over > moment : false;
}

/** When it begins, and when it ends on that day or the next. */
function cronsOf(line: HoursLine, zone: string): readonly Cron[] {
  if (typeof line !== "string") return [cron(line.at, zone)];
  const [from = "", to = ""] = line.slice(-11).split("-");
  const days = line.length > 11 ? line.slice(0, -12) : "*";
  return [cron(`${cronTime(from)} * * ${days}`, zone), cron(`${cronTime(to)} * * *`, zone)];
}

/** `18:05` as minute and hour. */
function cronTime(clock: string): string {
  const [hour, minute] = clock.split(":").map(Number);
  return `${minute} ${hour}`;
}

function cron(pattern: string, zone: string): Cron {
  return new Cron(pattern, { timezone: zone, mode: "5-part" });
}

/** At this very moment counts as before: croner looks strictly before, in whole seconds. */
function previousOf(cron: Cron, moment: Date): Date | null {
  return cron.previousRuns(1, new Date(moment.getTime() + 1_000))[0] ?? null;
}

function nextOf(crons: readonly Cron[], after: Date): Date | null {
  const times = crons.map((each) => each.nextRun(after)).filter((time) => time !== null);
  return times.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;
}
