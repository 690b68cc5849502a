import fc from "fast-check";
import { expect, test } from "vitest";
import { type Health, isQuarantined, planQuarantine, quarantineMax } from "./plan-quarantine.ts";

const START = Date.parse("2026-11-21T09:00:00.000Z");
const HOUR_MS = 60 * 60_000;

/** Plays runs of one check, an hour apart; each names the tests that flip in it. Gives the runs in which each was quarantined. */
function play(runs: readonly (readonly string[])[], known = 100) {
  const healths = new Map<string, Health>();
  const begun: string[] = [];
  const refused: string[] = [];
  for (const [at, flipped] of runs.entries()) {
    const now = new Date(START + at * HOUR_MS);
    const all = [...healths.values()];
    const quarantined = all.filter((each) => isQuarantined(each, now.toISOString())).length;
    const plan = planQuarantine({ run: at + 1, known, quarantined, healths: all, flipped, now });
    for (const each of plan.changed) healths.set(each.test, each);
    begun.push(...plan.begun.map((name) => `${name}@${at + 1}`));
    refused.push(...plan.refused.map((name) => `${name}@${at + 1}`));
    const times = now.toISOString();
    const held = [...healths.values()].filter((each) => isQuarantined(each, times)).length;
    expect(held).toBeLessThanOrEqual(quarantineMax(known));
  }
  return { begun, refused };
}

const calm = (count: number) => Array.from({ length: count }, () => []);

test("three flips in fifty runs quarantine a test", () => {
  expect(play([["a"], ["a"]]).begun).toEqual([]);
  expect(play([["a"], ["a"], ["a"]]).begun).toEqual(["a@3"]);
  expect(play([["a"], ["a"], ...calm(47), ["a"]]).begun).toEqual(["a@50"]);
  expect(play([["a"], ["a"], ...calm(48), ["a"]]).begun).toEqual([]);
  expect(play([["a", "a", "a"]]).begun).toEqual([]);
});

test("it is quarantined for fourteen days, and then three more flips are wanted", () => {
  const days = 14 * 24;
  expect(play([["a"], ["a"], ["a"], ["a"], ["a"]]).begun).toEqual(["a@3"]);
  const after = play([["a"], ["a"], ["a"], ...calm(days), ["a"], ["a"], ["a"]]);
  expect(after.begun).toEqual(["a@3", `a@${days + 6}`]);
});

test("no more than one in fifty is quarantined at once, and one always may be", () => {
  expect([0, 1, 49, 99, 100, 1_000].map(quarantineMax)).toEqual([1, 1, 1, 1, 2, 20]);
  const both = [["a", "b"], ["a", "b"], ["a", "b"], ["b"]];
  expect(play(both, 99)).toEqual({ begun: ["a@3"], refused: ["b@3", "b@4"] });
  expect(play(both, 100)).toEqual({ begun: ["a@3", "b@3"], refused: [] });
});

test("however tests flip, one is quarantined only at its third flip in the last fifty runs", () => {
  const run = fc.uniqueArray(fc.constantFrom<string>("a", "b", "c", "d"), { maxLength: 3 });
  fc.assert(
    fc.property(fc.array(run, { maxLength: 150 }), fc.nat({ max: 300 }), (runs, known) => {
      const { begun, refused } = play(runs, known);
      for (const told of [...begun, ...refused]) {
        const [name = "", at = ""] = told.split("@");
        const last = runs.slice(Math.max(0, Number(at) - 50), Number(at));
        expect(last.filter((flipped) => flipped.includes(name)).length).toBeGreaterThanOrEqual(3);
        expect(last.at(-1)).toContain(name);
      }
    }),
    { numRuns: 300 },
  );
});
