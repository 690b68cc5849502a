import { expect, test } from "vitest";
import type { TaskId } from "../../../shared/model/ids.ts";
import { createWorld, prompt } from "./supervisor-world.ts";

/** A world in which five are claimed at once, for a profile that starts one a second. */
async function claimFive() {
  const world = createWorld({ cap: 5, startGapMs: 1_000 });
  const tasks = ["a", "b", "c", "d", "e"].map((title) => world.addTask(title));
  world.supervisor.run();
  await world.until(() => tasks.every((task) => world.steps.require(task).status === "running"));
  const spawned = () => tasks.filter((task) => world.sessionOf(task).pid !== null);
  const reasonOf = (task: TaskId | undefined) => task && world.sessionOf(task).reason;
  return { world, tasks, spawned, reasonOf };
}

test("sessions of one profile start a second apart and say whom they wait for", async () => {
  const { world, tasks, spawned, reasonOf } = await claimFive();
  const [first, second, third] = tasks;
  await world.until(() => spawned().length === 1);
  expect(reasonOf(third)).toBe("waits for s-2 of max-1 to come up");
  await world.until(() => reasonOf(second) !== null);
  await expect.poll(() => reasonOf(second)).toBe("waits a moment: max-1 has just started another");
  await world.clock.advance(1_000);
  await world.until(() => spawned().length === 2);
  expect(spawned()).toEqual([first, second]);
  expect(reasonOf(second)).toBeNull();
  await world.clock.advance(1_000);
  await world.until(() => spawned().length === 3);
  expect(spawned()).toEqual([first, second, third]);
});

test("a session that is stopped while it waits is never started, and holds up nobody", async () => {
  const { world, tasks, spawned } = await claimFive();
  const [first, second, third] = tasks;
  if (!first || !second || !third) throw new Error("the world has five tasks");
  await world.until(() => spawned().length === 1);
  await world.sessions.end(world.sessionOf(second).id, "stopped", "person");
  await world.clock.advance(1_000);
  await world.until(() => spawned().length === 2);
  expect(spawned()).toEqual([first, third]);
});

test("a session waits for memory, says how much is missing, and starts when there is enough", async () => {
  const world = createWorld();
  world.room.freeMemoryMb = 210;
  const task = world.addTask("heavy");
  world.supervisor.run();
  await world.untilTask(task, "running");
  await world.until(() => world.sessionOf(task).reason !== null);
  expect(world.sessionOf(task)).toMatchObject({
    state: "starting",
    pid: null,
    reason: "waits for memory: 210 MB free, 400 needed",
  });
  world.room.freeMemoryMb = 900;
  await world.clock.advance(1_000);
  await world.untilStarted(task);
  world.tell(task, prompt);
  expect(world.sessionOf(task)).toMatchObject({ state: "working", reason: null });
});
