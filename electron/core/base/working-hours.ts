import { Cron } from "croner";
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
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(new Date(instant));
  const of = (type: Intl.DateTimeFormatPartTypes) =>
    parts.find((part) => part.type === type)?.value ?? "";
  return `${of("weekday")} ${of("day")} ${of("month")}, ${of("hour")}:${of("minute")} (${zone})`;
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
