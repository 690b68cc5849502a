import { expect, test } from "vitest";
import { describeOutcome, describeUnfinished } from "./finish-task.ts";
import { haltFleet, resumeFleet } from "./fleet-halt.ts";
import { createWorld, prompt } from "./supervisor-world.ts";

test("checks end with their session, and the next one's work is judged by checks of its own", async () => {
  let begun = 0;
  const world = createWorld({
    checking: (signal) => {
      begun += 1;
      if (begun > 1) return Promise.resolve();
      return new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
      );
    },
  });
  const task = world.addTask("checked");
  world.supervisor.run();
  await world.untilStarted(task);
  world.tell(task, { ...prompt, signal: "hook:UserPromptSubmit" });
  const first = world.sessionOf(task).id;
  const told = world.finisher.finish(task, first, "done", "test");
  await expect.poll(() => begun).toBe(1);
  expect(world.finisher.isFinishing(task, first)).toBe(true);

  await haltFleet(world, null, "person");
  resumeFleet(world.store, "person");
  world.dispatcher.wake();
  await world.until(() => world.sessionOf(task).id !== first && world.sessionOf(task).pid !== null);
  const second = world.sessionOf(task).id;
  const toldNext = world.finisher.finish(task, second, "done", "test");
  expect(await told).toEqual({ kind: "not-held" });
  expect(await toldNext).toMatchObject({ kind: "queued" });
  expect(world.finisher.isFinishing(task, first)).toBe(false);
});

test("a turn that ended before the work was done is told in words", () => {
  expect(describeUnfinished({ kind: "nothing-committed" })).toBe(
    "its worker ended its turn without committing anything",
  );
  const told = (files: string[]) => describeUnfinished({ kind: "uncommitted", files });
  expect(told(["a.ts"])).toBe("its worker ended its turn and left files uncommitted: a.ts");
  expect(told(["a", "b", "c", "d", "e"])).toMatch(/: a, b, c and 2 more$/);
  const failed = { name: "unit", command: "npm test", durationMs: 1, tail: "" };
  const checked = (exitCode: number | null, reason: string | null) =>
    describeUnfinished({ kind: "checks-failed", failed: { ...failed, exitCode, reason } });
  expect(checked(1, null)).toMatch(/the check unit fails with exit code 1$/);
  expect(checked(null, "the time limit")).toMatch(/fails with the time limit$/);
});

test("checks that fail by quarantined tests alone keep no work back; others are named", async () => {
  const tests = {
    ...{ runner: "vitest", passed: 8, failed: 1, skipped: 0, isWhole: true },
    ...{ failures: ["a.test.ts > a"], quarantined: ["a.test.ts > a"], isExcused: true },
  };
  const world = createWorld({ checksPass: false, tests });
  const task = world.addTask("checked");
  world.supervisor.run();
  await world.untilStarted(task);
  world.tell(task, { ...prompt, signal: "hook:UserPromptSubmit" });
  const told = await world.finisher.finish(task, world.sessionOf(task).id, "done", "test");
  expect(told).toMatchObject({ kind: "queued" });

  const failed = { name: "unit", command: "npm test", durationMs: 1, tail: "…", reason: null };
  const own = { ...tests, quarantined: [], isExcused: false };
  const { text } = describeOutcome({
    kind: "checks-failed",
    failed: { ...failed, exitCode: 1, tests: own },
  });
  expect(text).toContain("failed with exit code 1. 1 of 9 tests fails: a.test.ts > a. The end of");
});
