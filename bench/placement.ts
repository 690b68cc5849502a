import { DEFAULT_STRATEGY, Strategy } from "../shared/model/project.ts";
import type { Simulation } from "./measure.ts";
import { type SimulationResult, SUBSCRIPTIONS, simulate } from "./placement-simulation.ts";

const DAYS = 30;
const TASKS = 5_000;
const SEEDS = Array.from({ length: 10 }, (_, n) => n + 1);
/** Hours of quota in the days, all subscriptions together. */
const QUOTA_HOURS = (SUBSCRIPTIONS.reduce((sum, { weekQuota }) => sum + weekQuota, 0) * DAYS) / 7;
const LOADS = [
  { name: "Calm", taskMinutes: 20 },
  { name: "Busy", taskMinutes: 30 },
  { name: "More than fits", taskMinutes: 34 },
] as const;

/** What each strategy makes of the same thirty days of 5,000 tasks on five subscriptions. */
export const placement: Simulation = {
  name: "placement",
  page: "placement.md",
  async simulate({ note, signal }) {
    const tables: string[] = [];
    for (const load of LOADS) {
      const rows: (readonly string[])[] = [];
      const turnarounds = new Map<Strategy, number>();
      for (const strategy of Strategy.options) {
        signal.throwIfAborted();
        const results = SEEDS.map((seed) =>
          simulate({ strategy, seed, days: DAYS, tasks: TASKS, taskMinutes: load.taskMinutes }),
        );
        turnarounds.set(
          strategy,
          averageOf(results, ({ turnarounds }) => mean(turnarounds)),
        );
        rows.push(writeRow(strategy, results));
        note(`${load.name}, ${strategy}: ${rows.at(-1)?.slice(1).join(", ")}`);
      }
      tables.push(describeLoad(load), "", ...writeTable(rows), "", describeBest(turnarounds), "");
    }
    return tables.join("\n");
  },
};

const HEADS = [
  "strategy",
  "tasks ended",
  "ready to ended",
  "its 95th percentile",
  "ready to started",
  "its 95th percentile",
  "waited with a slot",
  "week unused at reset",
  "five hours unused at reset",
  "limits hit",
];

function writeRow(strategy: Strategy, results: readonly SimulationResult[]): readonly string[] {
  const hours = (read: (result: SimulationResult) => number) =>
    `${averageOf(results, read).toFixed(2)} h`;
  const percent = (read: (result: SimulationResult) => number) =>
    `${(averageOf(results, read) * 100).toFixed(1)} %`;
  return [
    strategy,
    averageOf(results, ({ ended }) => ended).toFixed(1),
    hours(({ turnarounds }) => mean(turnarounds)),
    hours(({ turnarounds }) => percentile95(turnarounds)),
    hours(({ waits }) => mean(waits)),
    hours(({ waits }) => percentile95(waits)),
    `${Math.round(averageOf(results, ({ stalledHours }) => stalledHours))} h`,
    percent(({ idleWeekly }) => idleWeekly),
    percent(({ idleFiveHour }) => idleFiveHour),
    averageOf(results, ({ limits }) => limits).toFixed(1),
  ];
}

function describeLoad({ name, taskMinutes }: (typeof LOADS)[number]): string {
  const share = Math.round(((TASKS * taskMinutes) / 60 / QUOTA_HOURS) * 100);
  return `**${name}**: tasks of ${taskMinutes} minutes on the average, ${share} % of what all weeks hold:`;
}

function describeBest(turnarounds: ReadonlyMap<Strategy, number>): string {
  const [best] = [...turnarounds].toSorted(([, a], [, b]) => a - b);
  const isDefault = best?.[0] === DEFAULT_STRATEGY;
  return `Soonest done: ${best?.[0]}${isDefault ? ", the default" : ""}.`;
}

function writeTable(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = HEADS.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(HEADS), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}

function averageOf(
  results: readonly SimulationResult[],
  read: (result: SimulationResult) => number,
): number {
  return mean(results.map(read));
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / Math.max(1, numbers.length);
}

function percentile95(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * 0.95)] ?? 0;
}
