import { describeSlotWait } from "../../shared/model/build-lock.ts";
import type { ProjectName } from "../../shared/model/ids.ts";
import type { Settings } from "../../shared/model/settings.ts";
import type { FleetParts } from "./compose-fleet.ts";
import type { KeeperParts } from "./compose-keepers.ts";
import type { TaskRecord } from "./store/store.ts";
import type { WatchLimits } from "./supervisor/plan-findings.ts";
import { Watchdog } from "./supervisor/watchdog.ts";
import { readHead } from "./worker/describe-work.ts";

/** Longer than a build, shorter than a lunch. */
const SILENCE_MINUTES = 15;
/** Nobody needs to see the same answer eight times. */
const REPEATS = 8;
/** Twice what a worker reads before it is asked to hand over. */
const TOKENS_WITHOUT_COMMIT = 300_000;

/** Several times what a build on every core of a large machine starts. */
const PROCESSES = 1_000;

type Guards = NonNullable<Settings["guards"]>;
type BudgetKey =
  | "budget-usd-per-task"
  | "budget-tokens-per-task"
  | "budget-minutes-per-task"
  | "budget-usd-per-day"
  | "window-ceiling-percent";
type GuardParts = Pick<FleetParts, "store" | "settings">;

export function composeWatchdog(parts: KeeperParts): Watchdog {
  const { dispatcher, locks } = parts;
  return new Watchdog({
    ...parts,
    limitsOf: (project) => limitsOf(parts, project),
    readHead,
    waitsForSlot: (session) => describeSlotWait(locks.list(), session) !== null,
    wake: () => dispatcher.wake(),
  });
}

/** What keeps tasks from starting because a budget is used up. */
export function composeBudgetHold(parts: GuardParts) {
  return (task: Pick<TaskRecord, "project">) => {
    const { dayUsd, windowPercent } = limitsOf(parts, task.project);
    const usd = parts.store.gauges.costOfToday();
    const isSpent = dayUsd !== null && usd >= dayUsd;
    return {
      reason: isSpent
        ? `Today has cost $${usd.toFixed(2)} of the $${dayUsd.toFixed(2)} that a day may (guards.budget-usd-per-day).`
        : null,
      windowPercent,
    };
  };
}

function limitsOf({ store, settings }: GuardParts, name: ProjectName): WatchLimits {
  const project = store.projects.find(name);
  const guards: Guards = (project && settings.of(project).guards) ?? {};
  const own: Guards = settings.ofPerson().guards ?? {};
  // A worker can land a change of the repository's file: it can tighten the person's budget and not loosen it.
  const budget = (key: BudgetKey) => stricter(read(guards[key], null), read(own[key], null));
  return {
    silenceMinutes: read(guards["silence-minutes"], SILENCE_MINUTES),
    repeats: read(guards.repeats, REPEATS),
    tokensWithoutCommit: read(guards["tokens-without-commit"], TOKENS_WITHOUT_COMMIT),
    fleetSharePercent: read(guards["fleet-share-percent"], null),
    taskUsd: budget("budget-usd-per-task"),
    taskTokens: budget("budget-tokens-per-task"),
    taskMinutes: budget("budget-minutes-per-task"),
    dayUsd: budget("budget-usd-per-day"),
    windowPercent: budget("window-ceiling-percent"),
  };
}

/** How many processes may live of a session at once; null: any number. */
export function processesMaxOf({ store, settings }: GuardParts, name: ProjectName | null) {
  const project = name === null ? undefined : store.projects.find(name);
  const guards: Guards = (project && settings.of(project).guards) ?? {};
  const own: Guards = settings.ofPerson().guards ?? {};
  return stricter(read(guards.processes, null), read(own.processes, PROCESSES));
}

/** Null is no limit. */
function stricter(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}

function read(value: number | "off" | undefined, otherwise: number | null): number | null {
  return value === "off" ? null : (value ?? otherwise);
}
