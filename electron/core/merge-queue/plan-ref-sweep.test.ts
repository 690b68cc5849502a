import { expect, test } from "vitest";
import { KEPT_MS, planRefSweep } from "./plan-ref-sweep.ts";

const NOW = 100 * KEPT_MS;
const sweep = (refs: readonly string[], overMs: readonly (readonly [string, number])[]) =>
  planRefSweep({
    nowMs: NOW,
    refs,
    overMs: new Map(overMs),
    entryOf: new Map([["12", "q-4"]]),
  });

test("what was kept of an entry goes a month after it left the queue, and not a moment sooner", () => {
  const refs = ["work/q-4/1", "work/q-4/2", "res/q-4/1", "undo/12", "undone/12"];
  expect(sweep(refs, [["q-4", NOW - KEPT_MS]])).toEqual(refs);
  expect(sweep(refs, [["q-4", NOW - KEPT_MS + 1]])).toEqual([]);
});

test("what belongs to an open entry, or to none that is known, stays", () => {
  expect(sweep(["work/q-5/1", "undo/13", "work/elsewhere", "work"], [["q-4", 0]])).toEqual([]);
});

test("a clock that was set back removes nothing", () => {
  expect(sweep(["work/q-4/1"], [["q-4", NOW + KEPT_MS]])).toEqual([]);
});
