import fc from "fast-check";
import { expect, test } from "vitest";
import { PlanId, ProjectName, TaskId } from "../../../shared/model/ids.ts";
import type { TaskStatus } from "../../../shared/model/task.ts";
import { type DispatchHours, type DispatchView, planDispatch } from "./plan-dispatch.ts";

const app = ProjectName.parse("app");
const id = (n: number) => TaskId.parse(`t-${n}`);

interface Sketch {
  readonly n: number;
  readonly status?: TaskStatus;
  readonly priority?: number;
  readonly after?: readonly number[];
  readonly paths?: readonly string[];
  readonly isInPausedPlan?: boolean;
  readonly labels?: readonly string[];
}

function view(
  tasks: readonly Sketch[],
  options: {
    maxWorkers?: number;
    running?: number;
    waiting?: number;
    stuck?: readonly number[];
    hours?: DispatchHours;
    /** Pairs of tasks. */
    clashes?: readonly (readonly [number, number])[];
  } = {},
): DispatchView {
  return {
    clashes: (options.clashes ?? []).map(([one, other]) => ({
      one: id(one),
      other: id(other),
      files: ["a.ts"],
      count: 1,
    })),
    stuck: new Set((options.stuck ?? []).map(id)),
    projects: [
      {
        name: app,
        maxWorkers: options.maxWorkers ?? 99,
        ...(options.hours ? { hours: options.hours } : {}),
      },
    ],
    plans: [{ id: PlanId.parse("p-1"), state: "paused" }],
    workers: new Map([[app, options.running ?? 0]]),
    waiting: new Map([[app, options.waiting ?? 0]]),
    tasks: tasks.map(({ n, status, priority, after, paths, isInPausedPlan, labels }) => ({
      id: id(n),
      project: app,
      plan: isInPausedPlan ? PlanId.parse("p-1") : null,
      status: status ?? "ready",
      priority: priority ?? 3,
      after: (after ?? []).map(id),
      paths: [...(paths ?? [])],
      createdAt: "2026-11-21T00:00:00.000Z",
      labels: [...(labels ?? [])],
    })),
  };
}

function check(
  tasks: readonly Sketch[],
  expected: { order: string; held?: Record<string, string> },
  options = {},
) {
  const plan = planDispatch(view(tasks, options));
  expect(plan.order.join(" ")).toBe(expected.order);
  expect(Object.fromEntries([...plan.held].map(([task, why]) => [task, why.kind]))).toEqual(
    expected.held ?? {},
  );
}

test("starts the higher priority first, then the older", () =>
  check([{ n: 1 }, { n: 2 }, { n: 3, priority: 1 }], { order: "t-3 t-1 t-2" }));
test("among equals, what more tasks wait for goes first", () =>
  check(
    [
      { n: 1 },
      { n: 2 },
      { n: 3, status: "waiting", after: [2] },
      { n: 4, status: "waiting", after: [3] },
    ],
    { order: "t-2 t-1" },
  ));
test("tasks that have landed count for nothing", () =>
  check([{ n: 1 }, { n: 2 }, { n: 3, status: "landed", after: [2] }], { order: "t-1 t-2" }));
test("a paused plan keeps its tasks", () =>
  check([{ n: 1, isInPausedPlan: true }, { n: 2 }], { order: "t-2", held: { "t-1": "plan" } }));
test("a task whose branch will conflict with one that is worked on waits for it, and with a ready one behind it", () => {
  check(
    [{ n: 1, status: "running" }, { n: 2 }, { n: 3 }, { n: 4 }],
    { order: "t-3", held: { "t-2": "conflict", "t-4": "conflict" } },
    {
      clashes: [
        [1, 2],
        [4, 3],
      ],
    },
  );
});
test("a conflict with work that is over, returned or held back itself keeps nobody", () =>
  check(
    [{ n: 1, status: "failed" }, { n: 2, isInPausedPlan: true }, { n: 3 }],
    { order: "t-3", held: { "t-2": "plan" } },
    {
      clashes: [
        [1, 3],
        [3, 2],
      ],
    },
  ));
test("a task that names paths another holds waits for it", () =>
  check(
    [
      { n: 1, status: "running", paths: ["src/auth/**"] },
      { n: 2, paths: ["src/auth/login.ts"] },
      { n: 3, paths: ["docs"] },
    ],
    { order: "t-3", held: { "t-2": "paths" } },
  ));
test("of two ready tasks with the same paths the first goes alone", () =>
  check(
    [
      { n: 1, paths: ["a.js"] },
      { n: 2, paths: ["./a.js"] },
      { n: 3, paths: ["a.js.map"] },
    ],
    { order: "t-1 t-3", held: { "t-2": "paths" } },
  ));
test("what no profile takes keeps neither a place nor a path from the others", () =>
  check(
    [{ n: 1, paths: ["a"] }, { n: 2 }, { n: 3, paths: ["a"] }, { n: 4 }],
    { order: "t-3", held: { "t-4": "max-workers" } },
    { maxWorkers: 1, stuck: [1, 2] },
  ));
test("starts nothing when the limit was lowered below what already runs", () =>
  check([{ n: 1 }], { order: "", held: { "t-1": "max-workers" } }, { maxWorkers: 1, running: 3 }));

test("working hours hold back what is too many for them, and never what is essential", () => {
  const tasks = [{ n: 1 }, { n: 2 }, { n: 3, labels: ["fix"] }];
  const hours = { essential: ["fix"], until: "Mon 23 Nov, 18:00 (Europe/Berlin)" };
  check(
    tasks,
    { order: "t-1 t-3", held: { "t-2": "hours" } },
    { hours: { ...hours, workers: 2 }, running: 1 },
  );
  check(
    tasks,
    { order: "t-3", held: { "t-1": "hours", "t-2": "hours" } },
    { hours: { ...hours, workers: 0 } },
  );
  check(
    tasks,
    { order: "t-1 t-3", held: { "t-2": "hours" } },
    { hours: { ...hours, workers: 1 }, running: 2, waiting: 2 },
  );
  check(
    tasks,
    { order: "t-1", held: { "t-2": "max-workers", "t-3": "max-workers" } },
    { hours: { ...hours, workers: null }, maxWorkers: 1 },
  );
});

test("every ready task is either in the order or held, once, and the limit holds", () => {
  const sketch = fc.record({
    n: fc.nat(200),
    status: fc.constantFrom<TaskStatus>("ready", "running", "waiting", "landed"),
    priority: fc.integer({ min: 1, max: 5 }),
    paths: fc.subarray(["a", "a/b", "c*"]),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(sketch, { selector: (task) => task.n }),
      fc.nat(5),
      fc.nat(5),
      (tasks, maxWorkers, running) => {
        const plan = planDispatch(view(tasks, { maxWorkers, running }));
        const ready = tasks.filter((task) => task.status === "ready").map((task) => id(task.n));
        expect([...plan.order, ...plan.held.keys()].toSorted()).toEqual(ready.toSorted());
        expect(plan.order.length).toBeLessThanOrEqual(Math.max(0, maxWorkers - running));
      },
    ),
  );
});
