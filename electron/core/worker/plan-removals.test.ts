import fc from "fast-check";
import { expect, test } from "vitest";
import { TaskStatus } from "../../../shared/model/task.ts";
import { planRemovals, type RemovalQuestion } from "./plan-removals.ts";

const HOUR_MS = 3_600_000;
type Task = RemovalQuestion["tasks"][number];

function check(over: Partial<Task> & { hours: number }): boolean {
  const { hours, ...rest } = over;
  const task: Task = {
    id: "t-1",
    status: "landed",
    sinceMs: 0,
    restoredMs: null,
    isLivedIn: false,
    keepHours: 24,
    ...rest,
  };
  const asked = { nowMs: hours * HOUR_MS, tasks: [task], removals: [] };
  return planRemovals(asked).remove.length === 1;
}

test("a landed task's worktree goes after the hours that are set, at once with 0, never with off", () => {
  expect(check({ hours: 23 })).toBe(false);
  expect(check({ hours: 24 })).toBe(true);
  expect(check({ hours: 0, keepHours: 0 })).toBe(true);
  expect(check({ hours: 10_000, keepHours: "off" })).toBe(false);
});

test("a cancelled one's stays a week, whatever is set for landed ones", () => {
  expect(check({ status: "cancelled", hours: 100, keepHours: 0 })).toBe(false);
  expect(check({ status: "cancelled", hours: 168, keepHours: 0 })).toBe(true);
  expect(check({ status: "cancelled", hours: 168, keepHours: 500 })).toBe(false);
});

test("one that was put back stays a day at least", () => {
  const restoredMs = 100 * HOUR_MS;
  expect(check({ hours: 123, keepHours: 0, restoredMs })).toBe(false);
  expect(check({ hours: 124, keepHours: 0, restoredMs })).toBe(true);
});

test("a removal is let go after thirty days and not before", () => {
  const removals = [
    { id: 1, atMs: 0 },
    { id: 2, atMs: HOUR_MS },
  ];
  expect(planRemovals({ nowMs: 720 * HOUR_MS, tasks: [], removals }).letGo).toEqual([1]);
});

test("whatever the tasks are, none that is not over and none that is lived in loses its worktree", () => {
  const task = fc.record({
    id: fc.uuid(),
    status: fc.constantFrom(...TaskStatus.options),
    sinceMs: fc.nat(),
    restoredMs: fc.option(fc.nat()),
    isLivedIn: fc.boolean(),
    keepHours: fc.oneof(fc.constant("off" as const), fc.nat(8_760)),
  });
  fc.assert(
    fc.property(fc.array(task), fc.nat({ max: Number.MAX_SAFE_INTEGER }), (tasks, nowMs) => {
      for (const { task: id } of planRemovals({ nowMs, tasks, removals: [] }).remove) {
        const chosen = tasks.find((each) => each.id === id);
        expect(["landed", "cancelled"]).toContain(chosen?.status);
        expect(chosen?.isLivedIn).toBe(false);
      }
    }),
  );
});
