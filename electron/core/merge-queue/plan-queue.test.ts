import fc from "fast-check";
import { expect, test } from "vitest";
import { EntryId, TaskId } from "../../../shared/model/ids.ts";
import { EntryState } from "../../../shared/model/queue-entry.ts";
import { checkoutReason, isHeldByCheckout, planQueue } from "./plan-queue.ts";

/** `states` in the order of landing; entry 1 is of task 1, and so on. */
function plan(
  states: readonly EntryState[],
  after: Readonly<Record<number, readonly number[]>> = {},
  isPaused = false,
) {
  return planQueue({
    isPaused,
    entries: states.map((state, at) => ({
      id: EntryId.parse(`q-${at + 1}`),
      task: TaskId.parse(`t-${at + 1}`),
      state,
      reason: null,
    })),
    after: (task) => (after[Number(task.slice(2))] ?? []).map((each) => TaskId.parse(`t-${each}`)),
  });
}
function check(parts: Parameters<typeof plan>, takes: number | null) {
  const wanted = takes === null ? { kind: "rest" } : { kind: "take", entry: `q-${takes}` };
  expect(plan(...parts)).toEqual(wanted);
}

test("the first that is queued is taken", () => check([["queued", "queued"]], 1));
test("nothing is begun beside one that is worked on", () => {
  for (const state of ["preparing", "checking", "landing"] as const) {
    check([["queued", state]], null);
  }
});
test("held entries and those that wait for approval let others pass", () =>
  check([["held", "awaiting-approval", "queued"]], 3));
test("a paused queue begins nothing", () => check([["queued"], {}, true], null));
test("none before the entry of a task that it waits for", () => {
  check([["queued", "queued"], { 1: [2] }], 2);
  check([["queued", "held"], { 1: [2] }], null);
  check([["queued"], { 1: [9] }], 1);
});
test("an entry that waits for the checkout is told from one that a person holds", () => {
  const entry = { id: EntryId.parse("q-1"), task: TaskId.parse("t-1"), state: "held" as const };
  expect(isHeldByCheckout({ ...entry, reason: checkoutReason("x") })).toBe(true);
  expect(isHeldByCheckout({ ...entry, reason: "held by a person" })).toBe(false);
});

test("whatever is queued, at most one is worked on and order is kept among those that may go", () => {
  const states = fc.array(fc.constantFrom(...EntryState.options.slice(0, 5), "held" as const), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(
      states,
      fc.dictionary(fc.constantFrom("1", "2", "3"), fc.subarray([4, 5])),
      (all, after) => {
        const next = plan(all, after);
        if (next.kind === "rest") return;
        const at = Number(next.entry.slice(2));
        expect(all[at - 1]).toBe("queued");
        expect(all.some((state) => ["preparing", "checking", "landing"].includes(state))).toBe(
          false,
        );
        const passedOver = all
          .slice(0, at - 1)
          .flatMap((state, index) => (state === "queued" ? [after[String(index + 1)] ?? []] : []));
        for (const needs of passedOver) expect(needs.some((each) => each <= all.length)).toBe(true);
      },
    ),
  );
});
