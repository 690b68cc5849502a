import { expect, test } from "vitest";
import type { EntryId, TaskId } from "./ids.ts";
import { whyNotMove } from "./plan-move.ts";

// q-2's task waits for q-1's, q-4's for q-2's; q-3 is free.
const after: Readonly<Record<string, readonly string[]>> = { "t-2": ["t-1"], "t-4": ["t-2"] };

function check(
  id: string,
  position: number,
  first: "queued" | "landing" = "queued",
  hotfixes: readonly string[] = [],
) {
  const open = [1, 2, 3, 4].map((n) => ({
    id: `q-${n}` as EntryId,
    task: `t-${n}` as TaskId,
    state: n === 1 ? first : ("queued" as const),
    hotfixAt: hotfixes.includes(`q-${n}`) ? "2026-11-21T09:00:00Z" : null,
  }));
  return whyNotMove(open, (task) => (after[task] ?? []) as TaskId[], id as EntryId, position);
}

test.each([
  ["q-3", 1],
  ["q-3", 99],
  ["q-2", 3],
  ["q-4", 3],
  ["q-2", 2],
  ["q-9", 1],
])("%s may go to %i", (id, position) => {
  expect(check(id, position)).toBeNull();
});

test.each([
  ["q-2", 1, "q-2 cannot land before q-1: t-2 waits for t-1."],
  ["q-1", 3, "q-1 cannot land after q-2: t-2 waits for t-1."],
  ["q-4", 1, "q-4 cannot land before q-2: t-4 waits for t-2."],
  ["q-2", 99, "q-2 cannot land after q-4: t-4 waits for t-2."],
])("%s at %i: %s", (id, position, sentence) => {
  expect(check(id, position)).toBe(sentence);
});

test("what is landing is neither moved nor passed", () => {
  expect(check("q-1", 2, "landing")).toBe("q-1 is landing right now.");
  expect(check("q-3", 1, "landing")).toBe("q-1 is landing right now.");
  expect(check("q-3", 2, "landing")).toBeNull();
});

test("an order that was wrong already does not forbid another move", () => {
  const open = ["2", "1", "3"].map((n) => ({
    id: `q-${n}` as EntryId,
    task: `t-${n}` as TaskId,
    state: "queued" as const,
    hotfixAt: null,
  }));
  const afterOf = (task: TaskId) => (after[task] ?? []) as TaskId[];
  expect(whyNotMove(open, afterOf, "q-2" as EntryId, 2)).toBeNull();
  expect(whyNotMove(open, afterOf, "q-3" as EntryId, 1)).toBeNull();
});

test("a hot fix stays first, and nothing passes it", () => {
  expect(check("q-1", 3, "queued", ["q-1"])).toBe("q-1 is a hot fix: it goes first.");
  expect(check("q-3", 1, "queued", ["q-1"])).toBe("q-3 cannot land before q-1: that is a hot fix.");
  expect(check("q-3", 2, "queued", ["q-1"])).toBeNull();
});
