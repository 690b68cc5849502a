import { expect, test } from "vitest";
import { TaskId } from "../../../shared/model/ids.ts";
import type { Task } from "../../../shared/model/task.ts";
import { explainTask, type Reason } from "./explain-task.ts";
import type { Hindrance } from "./plan-dispatch.ts";

const id = TaskId.parse("t-30");
const full = { kind: "profile", text: "max-1 is full: 2 of 2 sessions", subject: null };
const halt = { kind: "halted", text: "Everything was stopped", subject: null };

/** What is said of a ready task that the plan holds back; each reason by its kind. */
function kindsFor(
  hindrance: Hindrance,
  more: { readonly noPlace?: readonly Reason[]; readonly halted?: Reason } = {},
): string {
  const reasons = explainTask({
    // Of the task only its status and name are read here.
    task: { id, status: "ready" } as Task,
    find: () => undefined,
    plan: { order: [], held: new Map([[id, hindrance]]) },
    noPlace: null,
    entry: null,
    session: null,
    halted: null,
    ...more,
  });
  return reasons.map(({ kind }) => kind).join(" ");
}

test("far down the list the full profile is named, not the places that nobody takes", () => {
  const behind = { kind: "max-workers", limit: 6, running: 2 } as const;
  expect(kindsFor(behind, { noPlace: [full] })).toBe("profile");
  expect(kindsFor(behind)).toBe("max-workers");
  expect(kindsFor({ ...behind, running: 6 }, { noPlace: [full] })).toBe("max-workers");
});

test("while everything is stopped, that is said first, and no places that nobody takes", () => {
  const behind = { kind: "max-workers", limit: 6, running: 0 } as const;
  expect(kindsFor(behind, { halted: halt })).toBe("halted");
  expect(kindsFor(behind, { halted: halt, noPlace: [full] })).toBe("halted profile");
});

test("working hours say how many may run and until when", () => {
  const text = (hindrance: Hindrance) =>
    explainTask({
      // Of the task only its status and name are read here.
      task: { id, status: "ready" } as Task,
      find: () => undefined,
      plan: { order: [], held: new Map([[id, hindrance]]) },
      noPlace: null,
      entry: null,
      session: null,
      halted: null,
    })[0]?.text;
  const hours = { kind: "hours", limit: 0, running: 0, until: "Mon 23 Nov, 18:00 (UTC)" } as const;
  expect(text(hours)).toBe("Working hours allow no worker until Mon 23 Nov, 18:00 (UTC).");
  expect(text({ ...hours, until: null })).toBe("Working hours allow no worker.");
  expect(text({ ...hours, limit: 2, running: 2 })).toBe(
    "Working hours allow 2 workers at once until Mon 23 Nov, 18:00 (UTC), and all of these places are taken.",
  );
  expect(text({ ...hours, limit: 1, running: 0 })).toBe(
    "Working hours allow 1 worker at once until Mon 23 Nov, 18:00 (UTC), and those that run or start before it take all the places.",
  );
});

test("a task that is held back for a conflict is told with whom and where", () => {
  const [reason] = explainTask({
    // Of the task only its status and name are read here.
    task: { id, status: "ready" } as Task,
    find: () => undefined,
    plan: {
      order: [],
      held: new Map([
        [id, { kind: "conflict", holder: TaskId.parse("t-12"), files: ["a.ts"], count: 3 }],
      ]),
    },
    noPlace: null,
    entry: null,
    session: null,
    halted: null,
  });
  expect(reason).toEqual({
    kind: "conflict",
    text: "Its branch will conflict with that of t-12 in 3 files (a.ts and 2 more), so it goes out once that one has landed or is over.",
    subject: "t-12",
  });
});
