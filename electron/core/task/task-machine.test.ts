import fc from "fast-check";
import { expect, test } from "vitest";
import type { TaskStatus } from "../../../shared/model/task.ts";
import {
  FAILURES_MAX,
  RETURNS_MAX,
  stepTask,
  type TaskEvent,
  type TaskState,
} from "./task-machine.ts";

const fresh: TaskState = { status: "ready", reason: null, failures: 0 };
const survey = (waitsFor: string[] = [], isDraft = false): TaskEvent => ({
  kind: "surveyed",
  isDraft,
  waitsFor,
});
const lost: TaskEvent = { kind: "session-ended", reason: "it crashed", isFailure: true };

function check(events: readonly TaskEvent[], status: TaskStatus, reason: string | null = null) {
  const state = events.reduce((at, event) => stepTask(at, event).state, fresh);
  expect({ status: state.status, reason: state.reason }).toEqual({ status, reason });
}

test("a task waits by name for what has not landed", () =>
  check([survey(["t-1", "t-2"])], "waiting", "waits for t-1, t-2"));
test("a task of a draft plan is a draft, whatever it waits for", () =>
  check([survey(["t-1"], true)], "draft"));
test("a survey does not disturb a running task", () =>
  check([{ kind: "claimed" }, survey(["t-1"])], "running"));
test("a claim of a waiting task changes nothing", () =>
  check([survey(["t-1"]), { kind: "claimed" }], "waiting", "waits for t-1"));
test("finished work queues, comes back with its reason, and can land", () =>
  check(
    [
      { kind: "claimed" },
      { kind: "finished" },
      { kind: "returned", reason: "conflict in a.js", times: 1 },
    ],
    "ready",
    "conflict in a.js",
  ));
test("a returned task keeps its reason through a survey", () =>
  check(
    [
      { kind: "claimed" },
      { kind: "finished" },
      { kind: "returned", reason: "red", times: 1 },
      survey(),
    ],
    "ready",
    "red",
  ));
test("work that the queue returns again and again asks a person", () =>
  check(
    [
      { kind: "claimed" },
      { kind: "finished" },
      { kind: "returned", reason: "conflict in a.js", times: RETURNS_MAX },
    ],
    "needs-input",
    "conflict in a.js (returned 5 times; retry the task to let it try again)",
  ));
test("work of which a person resolved the conflict is queued again, and no other", () => {
  const resolved: TaskEvent = { kind: "resolved" };
  const returned: TaskEvent = { kind: "returned", reason: "conflict in a.js", times: 1 };
  check([{ kind: "claimed" }, { kind: "finished" }, returned, resolved], "queued");
  check([{ kind: "claimed" }, resolved], "running");
});
test("work that a person took out of the queue waits for them", () =>
  check(
    [{ kind: "claimed" }, { kind: "finished" }, { kind: "taken-out" }],
    "needs-input",
    "you took it out of the merge queue; retry it to go on",
  ));
test("work that left the queue is put into it again by a person", () => {
  const out: readonly TaskEvent[] = [{ kind: "claimed" }, { kind: "finished" }];
  check([...out, { kind: "taken-out" }, { kind: "queued-again" }], "queued", null);
  const returned = { kind: "returned", reason: "conflict in a.js", times: 1 } as const;
  check([...out, returned, { kind: "queued-again" }], "queued", null);
  check([...out, { kind: "landed" }, { kind: "queued-again" }], "landed", null);
  check([{ kind: "claimed" }, { kind: "queued-again" }], "running", null);
});
test("work of which the landing was undone waits for the person", () =>
  check(
    [
      { kind: "claimed" },
      { kind: "finished" },
      { kind: "landed" },
      { kind: "landing-undone" },
      survey(["t-1"]),
    ],
    "needs-input",
    "its landing was undone; retry the task to go on with it, or cancel it",
  ));
test("work of which the pull request was closed waits for the person", () =>
  check(
    [{ kind: "claimed" }, { kind: "finished" }, { kind: "declined", reason: "it was closed" }],
    "needs-input",
    "it was closed; retry the task to go on with it, or cancel it",
  ));
test("a session that was lost sends the task out again", () =>
  check([{ kind: "claimed" }, lost], "ready", "it crashed"));
test("the third failure in a row asks a person", () =>
  check(
    Array.from({ length: FAILURES_MAX }, () => [{ kind: "claimed" } as const, lost]).flat(),
    "failed",
    "it crashed (3 times in a row)",
  ));
test("a session that was healthy for a while clears the failures before it", () => {
  const healthy: TaskEvent = { ...lost, wasHealthy: true };
  const tries = [lost, lost, healthy, lost].flatMap((end) => [{ kind: "claimed" } as const, end]);
  check(tries, "ready", "it crashed");
});
test("a loss that is nobody's fault is never charged", () => {
  const blameless: TaskEvent = { ...lost, isFailure: false };
  check(
    Array.from({ length: 9 }, () => [{ kind: "claimed" } as const, blameless]).flat(),
    "ready",
    "it crashed",
  );
});
test("a person's retry clears the count", () =>
  check(
    [
      { kind: "claimed" },
      lost,
      { kind: "claimed" },
      lost,
      { kind: "cancel-asked" },
      { kind: "retry-asked" },
      { kind: "claimed" },
      lost,
    ],
    "ready",
    "it crashed",
  ));
test("a handover sends the task out again and is charged to nobody", () =>
  check(
    [{ kind: "claimed" }, lost, { kind: "claimed" }, { kind: "handed-off", number: 1, max: 5 }],
    "ready",
    "handed over to a fresh session (handoff 1)",
  ));
test("a handover too many asks a person", () => {
  const { state } = stepTask(
    { ...fresh, status: "running", failures: 1 },
    { kind: "handed-off", number: 6, max: 5 },
  );
  expect(state).toMatchObject({ status: "needs-input", failures: 1 });
});
test("cancelling a queued task takes it out of the queue", () => {
  const queued: TaskState = { ...fresh, status: "queued" };
  expect(stepTask(queued, { kind: "cancel-asked" }).effects).toEqual([{ kind: "remove-entry" }]);
});

const anyEvent: fc.Arbitrary<TaskEvent> = fc.oneof(
  fc.record({
    kind: fc.constant("surveyed" as const),
    isDraft: fc.boolean(),
    waitsFor: fc.subarray(["t-1", "t-2"]),
  }),
  fc.record({
    kind: fc.constantFrom("person-needed" as const, "parked" as const),
    reason: fc.constant("because"),
  }),
  fc.record({
    kind: fc.constant("returned" as const),
    reason: fc.constant("because"),
    times: fc.nat(9),
  }),
  fc.record({
    kind: fc.constant("handed-off" as const),
    number: fc.nat(9),
    max: fc.constant(5),
  }),
  fc.record({
    kind: fc.constant("session-ended" as const),
    reason: fc.constant("gone"),
    isFailure: fc.boolean(),
    wasHealthy: fc.boolean(),
  }),
  fc.record({
    kind: fc.constantFrom(
      "claimed" as const,
      "person-answered" as const,
      "unparked" as const,
      "finished" as const,
      "landed" as const,
      "taken-out" as const,
      "queued-again" as const,
      "landing-undone" as const,
      "stopped-by-person" as const,
      "retry-asked" as const,
      "cancel-asked" as const,
    ),
  }),
  fc.constant<TaskEvent>({ kind: "declined", reason: "it was closed" }),
);

test("whatever happens, a landed task stays landed and lands only out of the queue", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      let state = fresh;
      for (const event of events) {
        const next = stepTask(state, event).state;
        if (state.status === "landed" && event.kind !== "landing-undone")
          expect(next).toEqual(state);
        if (next.status === "landed" && state.status !== "landed")
          expect(state.status).toBe("queued");
        if (next.status === "running" && state.status === "ready")
          expect(event.kind).toBe("claimed");
        if (state.status === "queued" && next.status !== "queued")
          expect(["landed", "returned", "declined", "taken-out", "cancel-asked"]).toContain(
            event.kind,
          );
        expect(next.failures).toBeLessThanOrEqual(FAILURES_MAX);
        state = next;
      }
    }),
  );
});
