import { expect, test } from "vitest";
import { createWorld } from "./supervisor-world.ts";

const prompt = {
  kind: "prompt-accepted",
  prompt: "go",
  isSynthetic: false,
  signal: "hook:UserPromptSubmit",
};

async function atWork() {
  const world = createWorld();
  const task = world.addTask("works");
  world.supervisor.run();
  await world.untilStarted(task);
  await world.clock.advance(10);
  world.tell(task, prompt);
  const { id } = world.sessionOf(task);
  const keys = () =>
    world
      .sessionOf(task)
      .evidence.map(({ signal }) => signal)
      .filter((signal) => signal.startsWith("key:"));
  const hearLevel = (level: "idle" | "waiting") =>
    world.sessions.hear(id, {
      kind: "status-level",
      level,
      waitingFor: null,
      at: world.clock.now().toISOString(),
      signal: `level:${level}`,
    });
  return { world, task, id, keys, hearLevel };
}

test("Esc while it works is kept, once however long it is held, and says why the turn was cut short", async () => {
  const { world, task, id, keys, hearLevel } = await atWork();
  await world.clock.advance(100);
  for (let held = 0; held < 30; held += 1) {
    world.sessions.press(id, "Esc");
    await world.clock.advance(30);
  }
  expect(keys()).toEqual(["key:Esc"]);
  expect(world.sessionOf(task).state).toBe("working");
  hearLevel("idle");
  expect(world.sessionOf(task)).toMatchObject({
    state: "interrupted",
    reason: "its turn was cut short: the person pressed Esc",
  });
  expect(world.steps.require(task)).toMatchObject({
    status: "needs-input",
    reason: "its turn was cut short: the person pressed Esc",
  });
});

test("Enter and a number are kept only where something is asked, and nothing of a session that is over", async () => {
  const { world, id, keys, hearLevel } = await atWork();
  for (const key of ["Enter", "number"] as const) world.sessions.press(id, key);
  expect(keys()).toEqual([]);
  await world.clock.advance(100);
  hearLevel("waiting");
  for (const key of ["Enter", "number"] as const) world.sessions.press(id, key);
  expect(keys()).toEqual(["key:Enter", "key:number"]);
  await world.sessions.end(id, "stopped", "person");
  await world.clock.advance(5_000);
  world.sessions.press(id, "Esc");
  expect(keys()).toEqual(["key:Enter", "key:number"]);
});
