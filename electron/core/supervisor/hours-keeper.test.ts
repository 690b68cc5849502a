import { expect, test } from "vitest";
import { createWorld, prompt, turnEnded } from "./supervisor-world.ts";

const UNTIL = "Mon 23 Nov, 18:00 (Europe/Berlin)";

/** Two workers at work, and the keeper with them. */
async function createTwo(labels: readonly string[] = []) {
  const world = createWorld({ cap: 2 });
  const first = world.addTask("first", [], labels);
  const second = world.addTask("second");
  world.supervisor.run();
  world.hoursKeeper.run();
  await world.untilStarted(first);
  await world.untilStarted(second);
  world.tell(first, prompt);
  world.tell(second, prompt);
  return { world, first, second };
}

test("nobody is stopped in a turn; whoever ends one while too many run leaves, and its task is parked", async () => {
  const { world, first, second } = await createTwo();
  Object.assign(world.hours, { workers: 1, until: UNTIL });
  await world.clock.advance(60_000);
  expect(world.host.stopped).toEqual([]);
  const left = world.sessionOf(first);
  world.tell(first, turnEnded);
  await world.untilTask(first, "parked");
  expect(world.steps.require(first).reason).toBe(
    `hours: only 1 may run until ${UNTIL}; it goes on by itself then`,
  );
  expect(world.store.sessions.find(left.id)).toMatchObject({ state: "stopped" });
  expect(world.sessionOf(second).state).toBe("working");
  expect(world.host.typed).toEqual([]);
});

test("when hours allow it again, the task goes on in its conversation", async () => {
  const { world, first } = await createTwo();
  Object.assign(world.hours, { workers: 0, until: UNTIL });
  const { providerSession } = world.sessionOf(first);
  world.tell(first, turnEnded);
  await world.untilTask(first, "parked");
  await world.clock.advance(60_000);
  expect(world.steps.require(first).status).toBe("parked");
  Object.assign(world.hours, { workers: null, until: null });
  await world.clock.advance(15_000);
  await world.untilTask(first, "running");
  expect(world.sessionOf(first)).toMatchObject({ providerSession, isResumed: true });
  expect(world.steps.require(first)).toMatchObject({ failures: 0 });
});

test("who waits for the person takes no place of working hours", async () => {
  const { world, first, second } = await createTwo();
  world.tell(first, { kind: "permission-asked", tool: "Bash", summary: "rm -r build" });
  await world.untilTask(first, "needs-input");
  Object.assign(world.hours, { workers: 0, until: UNTIL });
  world.tell(second, turnEnded);
  await world.untilTask(second, "parked");
  Object.assign(world.hours, { workers: 1 });
  await world.clock.advance(15_000);
  await world.untilTask(second, "running");
  await world.untilStarted(second);
  world.tell(second, prompt);
  world.tell(second, turnEnded);
  await world.until(() => world.steps.require(second).reminders === 1);
  expect(world.steps.require(second).status).toBe("running");
  expect(world.sessionOf(first).state).toBe("needs-input");
});

test("what is essential goes on, and starts, whatever the hours", async () => {
  const { world, first } = await createTwo(["fix"]);
  Object.assign(world.hours, { workers: 0, essential: ["fix"], until: UNTIL });
  world.tell(first, turnEnded);
  await world.until(() => world.steps.require(first).reminders === 1);
  expect(world.steps.require(first).status).toBe("running");
});

test("a session that waits for its limit leaves at once: it is in no turn", async () => {
  const { world, first } = await createTwo();
  world.tell(first, { kind: "turn-failed", error: "rate-limit", message: "limit reached" });
  await world.untilTask(first, "parked");
  Object.assign(world.hours, { workers: 0, until: UNTIL });
  await world.clock.advance(15_000);
  await world.until(() => world.steps.require(first).reason?.startsWith("hours: ") ?? false);
  expect(world.sessionOf(first).state).toBe("stopped");
});

test("a task that would start outside of hours says until when it waits, and starts then", async () => {
  const world = createWorld();
  Object.assign(world.hours, { workers: 0, until: UNTIL });
  const task = world.addTask("task");
  world.supervisor.run();
  world.hoursKeeper.run();
  expect(world.dispatcher.plan().held.get(task)).toEqual({
    kind: "hours",
    limit: 0,
    running: 0,
    until: UNTIL,
  });
  Object.assign(world.hours, { workers: 1, until: null });
  await world.clock.advance(15_000);
  await world.untilTask(task, "running");
});
