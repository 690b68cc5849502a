import { createRandom } from "./create-random.ts";
import { type Bench, type Figure, figure, wanted } from "./measure.ts";
import {
  type InventedQueue,
  type QueueCost,
  runBatches,
  runFixedBatches,
  runSerially,
  runTwoSections,
} from "./queue-policies.ts";

const BRANCHES = 100;
/** One run of a figure is this many queues together: what is rare in one queue is not in twenty. */
const QUEUES = 20;
const RUNS = 15;
const FLAKY = 0.02;
const VERY_FLAKY = 0.05;
const BAD = [0, 0.02, 0.05, 0.1] as const;
/** With each of them at most so many runs a landed branch, and so many times what batches of five take. */
const MOST = [
  [0.08, 0.3],
  [0.22, 0.7],
  [0.45, 0.95],
  [0.8, 1.05],
] as const;

/** How many runs of checks a queue of 100 branches takes, invented with a part of them bad and some runs red for no reason. */
export const queuePlan: Bench = {
  name: "queue-plan",
  async run({ note, signal }) {
    const figures: Figure[] = [];
    for (const [at, bad] of BAD.entries()) {
      signal.throwIfAborted();
      const ours = play(runBatches, bad, FLAKY);
      const fixed = play(runFixedBatches, bad, FLAKY);
      const runs = (all: readonly QueueCost[]) => all.map((each) => each.runs / each.landed);
      const what = "batches of five, halved";
      const both = figure(`runs per landed, ${percent(bad)} bad`, "runs", runs(ours), {
        what,
        runs: runs(fixed),
      });
      const [runsMax = 0, ratioMax = 0] = MOST[at] ?? [];
      figures.push(
        wanted(wanted(both, "median", "at most", runsMax, 7), "ratio", "at most", ratioMax, 11),
      );
      note(`${percent(bad)} bad`);
    }
    const work = (all: readonly QueueCost[]) => all.map((each) => each.work / each.landed);
    const worked = figure("work per landed, 5 % bad", "runs", work(play(runBatches, 0.05, FLAKY)), {
      what: "one at a time, red once more",
      runs: work(play(runSerially, 0.05, FLAKY)),
    });
    figures.push(wanted(worked, "ratio", "at most", 0.35, 8));
    for (const bad of BAD) {
      const [two, one] = [play(runTwoSections, bad, FLAKY), play(runBatches, bad, FLAKY)];
      const of = (read: "time" | "work", all: readonly QueueCost[]) =>
        all.map((each) => each[read] / each.landed);
      const what = "one run at a time";
      const how = `two beside each other, ${percent(bad)} bad`;
      figures.push(
        figure(`time per landed, ${how}`, "runs", of("time", two), { what, runs: of("time", one) }),
        figure(`work per landed, ${how}`, "runs", of("work", two), { what, runs: of("work", one) }),
      );
    }
    for (const bad of BAD.slice(1)) {
      const queueRuns = play(runBatches, bad, 0).map((each) => each.runs / QUEUES);
      const least = queueRuns.map(() => BRANCHES * entropy(bad));
      const what = "least that can tell them apart";
      const beside = { what, runs: least };
      const told = figure(`runs, ${percent(bad)} bad, none flaky`, "runs", queueRuns, beside);
      figures.push(wanted(told, "ratio", "at most", 1.5, 9));
    }
    const wrong = (all: readonly QueueCost[]) =>
      all.map((each) => (100 * each.wronglyReturned) / (each.landed + each.wronglyReturned));
    figures.push(
      wanted(
        figure(
          "wrongly returned of 100 good, 5 % flaky",
          "branches",
          wrong(play(runBatches, 0.05, VERY_FLAKY)),
        ),
        "median",
        "at most",
        0.1,
        10,
      ),
      figure(
        "the same by batches of five, halved",
        "branches",
        wrong(play(runFixedBatches, 0.05, VERY_FLAKY)),
      ),
    );
    return figures;
  },
};

/** The same queues for every policy. */
function play(
  policy: (queue: InventedQueue) => QueueCost,
  bad: number,
  flaky: number,
): readonly QueueCost[] {
  return Array.from({ length: RUNS }, (_, run) => {
    const costs = Array.from({ length: QUEUES }, (_, n) => {
      const seed = run * QUEUES + n + 1;
      const [truth, flakes] = [createRandom(seed), createRandom(seed + 1_000_003)];
      const isBad = Array.from({ length: BRANCHES }, () => truth() < bad);
      return policy({ isBad, isFlaky: () => flakes() < flaky });
    });
    const sum = (read: (cost: QueueCost) => number) =>
      costs.reduce((total, cost) => total + read(cost), 0);
    return {
      landed: sum(({ landed }) => landed),
      runs: sum(({ runs }) => runs),
      work: sum(({ work }) => work),
      time: sum(({ time }) => time),
      wronglyReturned: sum(({ wronglyReturned }) => wronglyReturned),
    };
  });
}

/** Bits that say which of two things that are so and so likely is the case. */
function entropy(chance: number): number {
  return -chance * Math.log2(chance) - (1 - chance) * Math.log2(1 - chance);
}

function percent(share: number): string {
  return `${share * 100} %`;
}
