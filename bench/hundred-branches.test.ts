import { expect, test } from "vitest";
import { isGood, playQueue } from "../electron/core/merge-queue/play-queue.ts";
import { createRandom } from "./create-random.ts";

const QUEUES = 40;
const BRANCHES = 100;

/** What forty queues of a hundred branches came to, with so many bad branches and so many runs that are red for no reason. */
function play(rates: { readonly bad: number; readonly flaky: number }) {
  let [runs, landed, wrong, good] = [0, 0, 0, 0];
  for (let seed = 1; seed <= QUEUES; seed++) {
    const next = createRandom(seed);
    const branches = Array.from({ length: BRANCHES }, () => ({ isBad: next() < rates.bad }));
    const played = playQueue({ branches, isFlaky: () => next() < rates.flaky, size: "learned" });
    const all = played.landings.flat();
    expect(isGood(branches, all)).toBe(true);
    expect(all.length + played.returned.length).toBe(BRANCHES);
    runs += played.runs.length + played.targetRuns;
    landed += all.length;
    wrong += played.returned.filter(({ branch }) => branches[branch]?.isBad === false).length;
    good += branches.filter(({ isBad }) => !isBad).length;
  }
  return { runsPerLanded: runs / landed, wrongPerHundred: (100 * wrong) / good };
}

test.each([
  [0, 0.08],
  [0.02, 0.22],
  [0.05, 0.45],
  [0.1, 0.8],
])("of a hundred branches with %f bad ones each that lands takes at most %f runs", (bad, most) => {
  expect(play({ bad, flaky: 0.02 }).runsPerLanded).toBeLessThanOrEqual(most);
});

test("of a hundred good branches at most one in a thousand goes back for a check that fails every twentieth time", () => {
  expect(play({ bad: 0.05, flaky: 0.05 }).wrongPerHundred).toBeLessThanOrEqual(0.1);
});
