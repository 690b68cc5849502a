import fc from "fast-check";
import { expect, test } from "vitest";
import { planCheckOrder } from "./plan-check-order.ts";

const check = (run: string, stage?: number) => ({
  name: run,
  run,
  timeoutMs: 1,
  ...(stage === undefined ? {} : { stage }),
});
const took = (command: string, durationMs: number, exitCode = 0) => ({
  ...{ name: command, command, exitCode, reason: null, durationMs, tail: "" },
});
const order = (...parts: Parameters<typeof planCheckOrder>) =>
  planCheckOrder(...parts).map(({ run }) => run);
const three = [check("e2e"), check("unit"), check("types")];
const times = [took("e2e", 90), took("unit", 20), took("types", 5), took("types", 500, 1)];

test("checks run as they were given, whatever they took", () =>
  expect(order(three, "given", times)).toEqual(["e2e", "unit", "types"]));
test("an earlier stage runs first, within one as given; without a stage it is the first", () =>
  expect(order([check("e2e", 3), check("unit", 2), check("types")], "given", [])).toEqual([
    "types",
    "unit",
    "e2e",
  ]));
test("by cheapest the one that takes the least time runs first, one that never passed last", () => {
  expect(order(three, "cheapest", times)).toEqual(["types", "unit", "e2e"]);
  expect(order([check("new"), ...three], "cheapest", times).at(-1)).toBe("new");
  expect(order([check("unit", 1), check("types", 2)], "cheapest", times)).toEqual([
    "unit",
    "types",
  ]);
});
test("a time is that of the middle run, so that one slow run changes nothing", () => {
  const runs = [took("a", 10), took("a", 900), took("a", 12), took("b", 50)];
  expect(order([check("b"), check("a")], "cheapest", runs)).toEqual(["a", "b"]);
});
test("whatever was learned, each check runs once", () => {
  const anyCheck = fc.record({ run: fc.string(), stage: fc.integer({ min: 1, max: 9 }) });
  fc.assert(
    fc.property(
      fc.uniqueArray(anyCheck, { selector: ({ run }) => run }),
      fc.array(fc.tuple(fc.string(), fc.nat())),
      fc.constantFrom("given" as const, "cheapest" as const),
      (checks, known, how) => {
        const all = checks.map(({ run, stage }) => check(run, stage));
        const planned = planCheckOrder(
          all,
          how,
          known.map(([run, ms]) => took(run, ms)),
        );
        expect(planned.map(({ run }) => run).sort()).toEqual(all.map(({ run }) => run).sort());
        const stages = planned.map(({ stage = 1 }) => stage);
        expect(stages).toEqual(stages.toSorted((a, b) => a - b));
      },
    ),
  );
});
