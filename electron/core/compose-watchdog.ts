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

type GuardParts = Pick<FleetParts, "store" | "settings">;

export function composeWatchdog(parts: KeeperParts): Watchdog {
  const { dispatcher } = parts;
  return new Watchdog({
    ...parts,
    limitsOf: (project) => limitsOf(parts, project),
    readHead,
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
  const guards: NonNullable<Settings["guards"]> = (project && settings.of(project).guards) ?? {};
  return {
    silenceMinutes: read(guards["silence-minutes"], SILENCE_MINUTES),
    repeats: read(guards.repeats, REPEATS),
    tokensWithoutCommit: read(guards["tokens-without-commit"], TOKENS_WITHOUT_COMMIT),
    fleetSharePercent: read(guards["fleet-share-percent"], null),
    taskUsd: read(guards["budget-usd-per-task"], null),
    taskTokens: read(guards["budget-tokens-per-task"], null),
    taskMinutes: read(guards["budget-minutes-per-task"], null),
    dayUsd: read(guards["budget-usd-per-day"], null),
    windowPercent: read(guards["window-ceiling-percent"], null),
  };
}

function read(value: number | "off" | undefined, otherwise: number | null): number | null {
  return value === "off" ? null : (value ?? otherwise);
}
