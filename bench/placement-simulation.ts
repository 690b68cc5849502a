import {
  burnOf,
  type LearnedBurn,
  learnBurn,
  UNLEARNED,
} from "../electron/core/profile/plan-learned-burn.ts";
import { type Candidate, planPlacement } from "../electron/core/profile/plan-placement.ts";
import { ProfileName } from "../shared/model/ids.ts";
import type { Strategy } from "../shared/model/project.ts";
import type { UsageWindow } from "../shared/model/usage-window.ts";
import { createRandom } from "./create-random.ts";

const MINUTE_MS = 60_000;
const FIVE_HOURS = 300;
const WEEK = 7 * 24 * 60;
/** A Saturday, midnight. */
const BEGIN_MS = Date.UTC(2026, 10, 21);

/** Quotas in hours of one working session. Not published by the provider: in the proportion of what people report of each plan. */
interface Subscription {
  readonly name: string;
  readonly cap: number;
  readonly fiveHourQuota: number;
  readonly weekQuota: number;
  /** Minute of the week at which its week begins anew. */
  readonly weekBegins: number;
}

export const SUBSCRIPTIONS: readonly Subscription[] = [
  { name: "max-1", cap: 10, fiveHourQuota: 28, weekQuota: 240, weekBegins: 1 * 1440 + 540 },
  { name: "max-2", cap: 10, fiveHourQuota: 28, weekQuota: 240, weekBegins: 4 * 1440 + 1200 },
  { name: "pro-1", cap: 5, fiveHourQuota: 7, weekQuota: 60, weekBegins: 2 * 1440 + 60 },
  { name: "pro-2", cap: 5, fiveHourQuota: 7, weekQuota: 60, weekBegins: 6 * 1440 + 840 },
  { name: "free-1", cap: 1, fiveHourQuota: 1.5, weekQuota: 15, weekBegins: 5 * 1440 + 300 },
];

export interface SimulationOptions {
  readonly strategy: Strategy;
  readonly seed: number;
  readonly days: number;
  readonly tasks: number;
  /** Minutes of work of a task, on the average. */
  readonly taskMinutes: number;
}

export interface SimulationResult {
  /** Tasks that ended within the days. */
  readonly ended: number;
  /** From ready to its session's start, in hours, of every task that was started. */
  readonly waits: readonly number[];
  /** From ready to the end. */
  readonly turnarounds: readonly number[];
  /** Session hours spent waiting for a window to begin anew, with the slot held. */
  readonly stalledHours: number;
  /** Share of the quota that was unused at each reset of a week, weighted by its size. */
  readonly idleWeekly: number;
  /** The same of five-hour windows, of those that had begun. */
  readonly idleFiveHour: number;
  /** How often a profile ran into a limit. */
  readonly limits: number;
}

interface SimulatedTask {
  readonly readyAt: number;
  /** Minutes of work. */
  left: number;
  /** Quota hours that an hour of it takes. */
  readonly thirst: number;
}

interface Account extends Subscription {
  readonly running: SimulatedTask[];
  usedFiveHour: number;
  usedWeek: number;
  /** Minute at which the five-hour window begins anew; null while none has begun. */
  fiveHourEnds: number | null;
  weekEnds: number;
  restsUntil: number;
  /** What its sessions last told of the windows. */
  told: { fiveHour: UsageWindow | null; sevenDay: UsageWindow | null };
  learned: LearnedBurn;
}

/** Plays thirty days minute by minute with the dispatcher's own choice. The same options give the same result. */
export function simulate(options: SimulationOptions): SimulationResult {
  const { strategy, seed, days } = options;
  const arrivals = inventTasks(createRandom(seed), options);
  const accounts = SUBSCRIPTIONS.map((subscription) => openAccount(subscription));
  const ready: SimulatedTask[] = [];
  const waits: number[] = [];
  const turnarounds: number[] = [];
  const idleWeek: Idle = { unused: 0, offered: 0 };
  const idleFive: Idle = { unused: 0, offered: 0 };
  let stalledMinutes = 0;
  let limits = 0;
  let next = 0;
  let last: ProfileName | null = null;

  for (let minute = 0; minute < days * 1440; minute++) {
    for (const account of accounts) beginWindowsAnew(account, minute, idleWeek, idleFive);
    for (; (arrivals[next]?.readyAt ?? Number.POSITIVE_INFINITY) <= minute; next++) {
      const task = arrivals[next];
      if (task) ready.push(task);
    }
    const now = toInstant(minute);
    while (ready.length > 0) {
      const placement = planPlacement({
        strategy,
        candidates: accounts.map((account, order) => toCandidate(account, order, minute)),
        pinned: null,
        preferred: null,
        last,
        now,
      });
      if (placement.kind === "none") break;
      const task = ready.shift();
      if (!task) break;
      last = placement.profile;
      accounts.find(({ name }) => name === placement.profile)?.running.push(task);
      waits.push((minute - task.readyAt) / 60);
    }
    for (const account of accounts) {
      if (account.restsUntil > minute) {
        stalledMinutes += account.running.length;
        continue;
      }
      for (const task of [...account.running]) {
        use(account, task.thirst / 60, minute);
        task.left -= 1;
        if (task.left > 0) continue;
        account.running.splice(account.running.indexOf(task), 1);
        turnarounds.push((minute + 1 - task.readyAt) / 60);
      }
      if (account.running.length > 0) tell(account, minute);
      limits += runIntoLimit(account, minute);
    }
  }
  return {
    ended: turnarounds.length,
    waits,
    turnarounds,
    stalledHours: stalledMinutes / 60,
    idleWeekly: idleWeek.unused / Math.max(1, idleWeek.offered),
    idleFiveHour: idleFive.unused / Math.max(1, idleFive.offered),
    limits,
  };
}

interface Idle {
  unused: number;
  offered: number;
}

function openAccount(subscription: Subscription): Account {
  return {
    ...subscription,
    running: [],
    usedFiveHour: 0,
    usedWeek: 0,
    fiveHourEnds: null,
    weekEnds: subscription.weekBegins,
    restsUntil: 0,
    told: { fiveHour: null, sevenDay: null },
    learned: UNLEARNED,
  };
}

function beginWindowsAnew(account: Account, minute: number, week: Idle, five: Idle): void {
  if (account.weekEnds <= minute) {
    // The first week of each had begun before the days that are played.
    if (minute >= WEEK) {
      week.unused += Math.max(0, account.weekQuota - account.usedWeek);
      week.offered += account.weekQuota;
    }
    account.usedWeek = 0;
    account.weekEnds += WEEK;
  }
  if (account.fiveHourEnds !== null && account.fiveHourEnds <= minute) {
    five.unused += Math.max(0, account.fiveHourQuota - account.usedFiveHour);
    five.offered += account.fiveHourQuota;
    account.usedFiveHour = 0;
    account.fiveHourEnds = null;
  }
}

function use(account: Account, hours: number, minute: number): void {
  account.fiveHourEnds ??= minute + FIVE_HOURS;
  account.usedFiveHour += hours;
  account.usedWeek += hours;
}

/** 1 when it did. */
function runIntoLimit(account: Account, minute: number): number {
  const ends = [
    account.usedWeek >= account.weekQuota ? account.weekEnds : 0,
    account.usedFiveHour >= account.fiveHourQuota ? (account.fiveHourEnds ?? 0) : 0,
  ];
  const until = Math.max(...ends);
  if (until <= minute) return 0;
  account.restsUntil = until;
  return 1;
}

function tell(account: Account, minute: number): void {
  const window = (used: number, quota: number, ends: number): UsageWindow => ({
    // The provider tells whole percents.
    usedPercent: Math.floor((used / quota) * 100),
    resetsAt: toInstant(ends),
    measuredAt: toInstant(minute),
    source: "statusline",
  });
  account.told = {
    fiveHour: window(account.usedFiveHour, account.fiveHourQuota, account.fiveHourEnds ?? minute),
    sevenDay: window(account.usedWeek, account.weekQuota, account.weekEnds),
  };
  account.learned = learnBurn(account.learned, {
    live: account.running.length,
    windows: account.told,
  });
}

function toCandidate(account: Account, order: number, minute: number): Candidate {
  const isResting = account.restsUntil > minute;
  return {
    name: ProfileName.parse(account.name),
    state: isResting ? "resting" : "ready",
    reason: null,
    restsUntil: isResting ? toInstant(account.restsUntil) : null,
    cap: account.cap,
    learnedCap: null,
    live: account.running.length,
    windows: account.told,
    burn: burnOf(account.learned),
    order,
  };
}

/** Plans of 10 to 60 tasks, begun by day, and on few weekends. */
function inventTasks(
  random: () => number,
  { days, tasks: count, taskMinutes }: SimulationOptions,
): readonly SimulatedTask[] {
  const tasks: SimulatedTask[] = [];
  while (tasks.length < count) {
    const day = Math.floor(random() * days);
    const isWeekend = day % 7 < 2;
    if (isWeekend && random() < 0.8) continue;
    const readyAt = day * 1440 + 480 + Math.floor(random() * 720);
    const size = Math.min(count - tasks.length, 10 + Math.floor(random() * 51));
    for (let n = 0; n < size; n++) tasks.push(inventTask(random, readyAt, taskMinutes));
  }
  return tasks.toSorted((a, b) => a.readyAt - b.readyAt);
}

/** How uneven the lengths of tasks are: the standard deviation of their logarithm. */
const SPREAD = 0.8;

/** Some are much longer than the average, and some twice as thirsty as others. */
function inventTask(random: () => number, readyAt: number, averageMinutes: number): SimulatedTask {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const medianMinutes = averageMinutes / Math.exp(SPREAD ** 2 / 2);
  const minutes = Math.min(240, Math.max(3, medianMinutes * Math.exp(SPREAD * normal)));
  return { readyAt, left: Math.round(minutes), thirst: 0.67 + 0.67 * random() };
}

function toInstant(minute: number): string {
  return new Date(BEGIN_MS + minute * MINUTE_MS).toISOString();
}
