import { expect, test } from "vitest";
import { DEFAULT_STRATEGY, Strategy } from "../shared/model/project.ts";
import { simulate } from "./placement-simulation.ts";

const days = { days: 30, tasks: 5_000, taskMinutes: 30 };

function play(strategy: Strategy, seed: number) {
  const { ended, turnarounds, stalledHours } = simulate({ ...days, strategy, seed });
  return { ended, stalledHours, hours: turnarounds.reduce((sum, each) => sum + each, 0) / ended };
}

test("the same days are played the same way twice", () => {
  const short = { ...days, days: 3, tasks: 400, strategy: "least-loaded" as const, seed: 7 };
  expect(simulate(short)).toEqual(simulate(short));
  expect(simulate({ ...short, seed: 8 })).not.toEqual(simulate(short));
});

test("the default strategy has tasks done soonest, and the fewest hours waited with a slot", {
  timeout: 300_000,
}, () => {
  for (const seed of [1, 2]) {
    const own = play(DEFAULT_STRATEGY, seed);
    for (const other of Strategy.options.filter((each) => each !== DEFAULT_STRATEGY)) {
      const theirs = play(other, seed);
      expect(own.hours).toBeLessThan(theirs.hours);
      expect(own.stalledHours).toBeLessThan(theirs.stalledHours);
      expect(own.ended).toBeGreaterThanOrEqual(theirs.ended);
    }
  }
});
