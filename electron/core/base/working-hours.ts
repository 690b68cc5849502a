import { Cron } from "croner";
import {
  clockOf,
  describeDay,
  describeMoment,
  ownZone,
} from "../../../shared/model/describe-moment.ts";
import type { HoursDay, HoursStretch, HoursWeek } from "../../../shared/model/hours.ts";
import type { Instant } from "../../../shared/model/ids.ts";
import type { HoursLine, Settings } from "../../../shared/model/settings.ts";

type Dispatch = NonNullable<Settings["dispatch"]>;
type HoursChange = Exclude<HoursLine, string>;
type Allowed = Pick<Hours, "workers" | "essential">;

interface Line {
  readonly line: HoursLine;
  readonly crons: readonly Cron[];
}

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** How many workers may run now, and what runs whatever the hours say. */
export interface Hours {
  /** Null: as many as the project may run at any time. */
  readonly workers: number | null;
  /** Labels of tasks that start and go on all the same. */
  readonly essential: readonly string[];
  /** It holds until then at least; null when it does not change. */
  readonly until: Instant | null;
  readonly zone: string;
}

/** Times at which nothing changes, e.g. of two lines that come together, are passed over; beyond so many it is looked again then. */
const LOOKS_MAX = 200;
/** Spans are the same each week; where the clocks change one can fall out. */
const SPANS_REPEAT_MS = 15 * 24 * 3_600_000;

/** Two files that keep taking turns: beyond so many it is looked again then. */
const TURNS_MAX = 10;

/**
 * What the hours of a project and the person's own allow at a moment. Who runs whatever the hours say has to be essential to both.
 * Only the project's count where the person has said none, and only the person's where the project's are theirs.
 */
export function strictestHoursAt(
  dispatch: Dispatch | undefined,
  own: Dispatch | undefined,
  now: Date,
): Hours {
  if (!own?.hours?.length) return hoursAt(dispatch, now);
  // What a project does not say itself is taken from the person's as it is.
  if (own.hours === dispatch?.hours) return hoursAt(own, now);
  const at = (moment: Date) => stricter(hoursAt(own, moment), hoursAt(dispatch, moment));
  const first = at(now);
  let { until } = first;
  for (let turns = 0; until !== null && turns < TURNS_MAX; turns++) {
    const then = at(new Date(until));
    if (!isSame(then, first)) break;
    until = then.until;
  }
  return { ...first, until };
}

function stricter(own: Hours, theirs: Hours): Hours {
  const essential =
    own.workers === null
      ? theirs.essential
      : own.essential.filter(
          (label) => theirs.workers === null || theirs.essential.includes(label),
        );
  const limits = [own.workers, theirs.workers].filter((limit) => limit !== null);
  const ends = [own.until, theirs.until].filter((end) => end !== null);
  return {
    workers: limits.length === 0 ? null : Math.min(...limits),
    essential,
    until: ends.toSorted()[0] ?? null,
    zone: own.zone,
  };
}

/**
 * What working hours allow at a moment. Cron lines say from when on how many may run: the one whose time came last is in force.
 * Spans of time say when work may go on at all. Without hours it always may.
 */
export function hoursAt(dispatch: Dispatch | undefined, now: Date): Hours {
  const zone = zoneOf(dispatch);
  const all = dispatch?.hours ?? [];
  const lines = all
    .filter((line, n) => !isSaidAgain(line, all.slice(n + 1)))
    .map((line) => ({ line, crons: cronsOf(line, zone) }));
  const always = dispatch?.essential ?? [];
  const at = (moment: Date) => allowedAt(lines, always, moment);
  const allowed = at(now);
  const crons = lines
    .filter(({ line }) => typeof line === "string" || !isSame(allowedBy(line, always), allowed))
    .flatMap((each) => each.crons);
  const isSpans = lines.some(({ line }) => typeof line === "string");
  let next = nextOf(crons, now);
  for (let looks = 1; next !== null && looks < LOOKS_MAX && isSame(at(next), allowed); looks++) {
    next = nextOf(crons, next);
    if (isSpans && next && next.getTime() - now.getTime() > SPANS_REPEAT_MS) next = null;
  }
  return { ...allowed, until: next?.toISOString() ?? null, zone };
}

/** Working hours of the seven days that begin today, in clock times of the zone. */
export function weekOfHours(
  dispatch: Dispatch | undefined,
  own: Dispatch | undefined,
  now: Date,
): HoursWeek {
  const at = (moment: Date) => strictestHoursAt(dispatch, own, moment);
  const { zone, workers, essential, until } = at(now);
  const midnight = cron("0 0 * * *", zone);
  const days: HoursDay[] = [];
  let start = previousOf(midnight, now);
  for (let n = 0; start && n < 7; n++) {
    const end = midnight.nextRun(start);
    if (!end) break;
    const stretches = stretchesOf(at, start, end);
    days.push({ day: describeDay(start, zone), stretches });
    start = end;
  }
  return {
    zone,
    hasHours: [dispatch, own].some((said) => (said?.hours?.length ?? 0) > 0),
    now: { workers, essential: [...essential], until: until && describeMoment(until, zone) },
    days,
  };
}

function stretchesOf(hoursOf: (moment: Date) => Hours, start: Date, end: Date): HoursStretch[] {
  const stretches: HoursStretch[] = [];
  for (let at = start; at < end && stretches.length < LOOKS_MAX; ) {
    const { workers, essential, until, zone } = hoursOf(at);
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
  return dispatch?.["time-zone"] ?? ownZone();
}

function allowedAt(lines: readonly Line[], always: readonly string[], moment: Date): Allowed {
  let newest: { readonly atMs: number; readonly change: HoursChange } | null = null;
  let isOpen: boolean | null = null;
  for (const { line, crons } of lines) {
    if (typeof line === "string") {
      isOpen ||= isWithin(crons, moment);
      continue;
    }
    const last = crons[0] && previousOf(crons[0], moment);
    // Of those that come together now and then the later holds too.
    if (last && last.getTime() >= (newest?.atMs ?? 0))
      newest = { atMs: last.getTime(), change: line };
  }
  if (newest) return allowedBy(newest.change, always);
  return { workers: isOpen === false ? 0 : null, essential: always };
}

/** Of two at one time the later in the file says how it is. */
function isSaidAgain(line: HoursLine, later: readonly HoursLine[]): boolean {
  if (typeof line === "string") return later.includes(line);
  return later.some((other) => typeof other !== "string" && other.at === line.at);
}

function allowedBy({ workers, essential = [] }: HoursChange, always: readonly string[]): Allowed {
  return { workers: workers === "all" ? null : workers, essential: [...always, ...essential] };
}

function isSame(a: Allowed, b: Allowed): boolean {
  return a.workers === b.workers && a.essential.join() === b.essential.join();
}

function isWithin([start, end]: readonly Cron[], moment: Date): boolean {
  const begun = start && previousOf(start, moment);
  const over = begun && end?.nextRun(begun);
  return over ? over > moment : false;
}

/** When it begins, and when it ends on that day or the next. */
function cronsOf(line: HoursLine, zone: string): readonly Cron[] {
  if (typeof line !== "string") return [cron(line.at, zone)];
  const [from = "", to = ""] = line.slice(-11).split("-");
  const days = line.length > 11 ? daysOf(line.slice(0, -12)) : "*";
  return [cron(`${cronTime(from)} * * ${days}`, zone), cron(`${cronTime(to)} * * *`, zone)];
}

/** `fri-mon` as `fri,sat,sun,mon`: a cron line knows no range over the end of its week. */
function daysOf(range: string): string {
  const [first = "", last = first] = range.split("-");
  const from = DAYS.indexOf(first);
  const count = ((DAYS.indexOf(last) - from + 7) % 7) + 1;
  return [...DAYS, ...DAYS].slice(from, from + count).join();
}

/** `18:05` as minute and hour; `24:00` is where the next day begins. */
function cronTime(clock: string): string {
  const [hour = 0, minute] = clock.split(":").map(Number);
  return `${minute} ${hour % 24}`;
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
