import fc from "fast-check";
import { expect, test } from "vitest";
import { TaskId } from "../../../shared/model/ids.ts";
import { findCycle } from "./find-cycle.ts";

const id = (n: number) => TaskId.parse(`t-${n}`);

function check(edges: Record<number, number[]>, task: number, cycle: string | null) {
  const found = findCycle(id(task), (edges[task] ?? []).map(id), (of) =>
    (edges[Number(of.slice(2))] ?? []).map(id),
  );
  expect(found?.join(" ") ?? null).toBe(cycle);
}

test("a task that waits for itself is a cycle of one", () => check({ 1: [1] }, 1, "t-1 t-1"));
test("a cycle through others is named in full", () =>
  check({ 1: [2], 2: [3], 3: [1] }, 1, "t-1 t-2 t-3 t-1"));
test("a diamond is no cycle", () => check({ 4: [2, 3], 2: [1], 3: [1] }, 4, null));
test("a cycle elsewhere does not hang the search", () =>
  check({ 1: [2], 2: [3], 3: [2] }, 1, null));

test("edges that only point to older tasks never make a cycle", () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(30), { maxLength: 5 }), { maxLength: 30 }), (rows) => {
      const edges = Object.fromEntries(
        rows.map((after, n) => [n, after.filter((other) => other < n)]),
      );
      for (const n of rows.keys()) check(edges, n, null);
    }),
  );
});
