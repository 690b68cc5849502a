import { expect, test } from "vitest";
import type { TaskId } from "../../../shared/model/ids.ts";
import { idleReason } from "../worker/stop-reasons.ts";
import { respawn, tellEnded } from "./continue-conversation.ts";
import { haltFleet } from "./fleet-halt.ts";
import { createWorld, prompt, turnEnded } from "./supervisor-world.ts";

const edge = { ...prompt, signal: "hook:UserPromptSubmit" };
const never = new AbortController().signal;

/** A world whose one task had a session that took a message and was stopped because nobody needed it. */
async function stopIdle(options: Parameters<typeof createWorld>[0] = {}) {
  const world = createWorld(options);
  const task = world.addTask("blocked");
  world.supervisor.run();
  await world.untilStarted(task);
  world.tell(task, edge);
  world.steps.apply(task, { kind: "person-needed", reason: "blocked: which port?" }, "test");
  world.tell(task, turnEnded);
  const { id } = world.sessionOf(task);
  await world.sessions.end(id, "stopped", "idle", { why: idleReason(60) });
  const stopped = world.sessionOf(task);
  return { world, task, stopped };
}

/** The next session of the task, once its program runs. */
async function nextOf(world: ReturnType<typeof createWorld>, task: TaskId, before: string) {
  await world.until(
    () => world.sessionOf(task).id !== before && world.sessionOf(task).pid !== null,
  );
  return world.sessionOf(task);
}

test("a message to a session that was stopped for being idle continues its conversation, and its hook confirms it", async () => {
  const { world, task, stopped } = await stopIdle();
  expect(stopped.reason).toBe("idle for an hour; it goes on at your next message");
  expect(world.steps.require(task)).toMatchObject({
    status: "needs-input",
    reason: "blocked: which port?",
  });
  const telling = tellEnded({ ...world, signal: never }, stopped, "Port 8080.");
  const next = await nextOf(world, task, stopped.id);
  expect(next).toMatchObject({ isResumed: true, providerSession: stopped.providerSession });
  expect(world.steps.require(task)).toMatchObject({ status: "running", handback: "Port 8080." });
  world.tell(task, { ...edge, prompt: "Port 8080." });
  expect(await telling).toEqual({ session: next.id, isDelivered: true });
});

test("a message whose session ends before it took it is reported as not delivered", async () => {
  const { world, task, stopped } = await stopIdle();
  const telling = tellEnded({ ...world, signal: never }, stopped, "Port 8080.");
  await nextOf(world, task, stopped.id);
  world.crash(task);
  expect(await telling).toMatchObject({ isDelivered: false });
});

test("a message that finds no place is kept for when there is one", async () => {
  const { world, task, stopped } = await stopIdle();
  world.setProfile("resting");
  await expect(tellEnded({ ...world, signal: never }, stopped, "Port 8080.")).rejects.toThrow(
    "No profile takes",
  );
  expect(world.steps.require(task)).toMatchObject({ status: "ready", handback: "Port 8080." });
  world.setProfile("ready");
  await nextOf(world, task, stopped.id);
});

test("what was to be told already stays in front of a message", async () => {
  const { world, task, stopped } = await stopIdle();
  world.setProfile("resting");
  for (const message of ["Port 8080.", "And no TLS."])
    expect(() => respawn(world, stopped, message)).toThrow("No profile takes");
  expect(world.steps.require(task).handback).toBe("Port 8080.\n\nAnd no TLS.");
});

test("while everything is stopped a message is refused, and changes nothing", async () => {
  const { world, task, stopped } = await stopIdle();
  await haltFleet(world, null, "person");
  const before = world.steps.require(task);
  await expect(tellEnded({ ...world, signal: never }, stopped, "Port 8080.")).rejects.toMatchObject(
    {
      code: "wrong-state",
      hint: expect.stringContaining("switchyard resume"),
    },
  );
  expect(world.steps.require(task)).toEqual(before);
});

test("a cancelled task is not brought back by its session", async () => {
  const { world, task, stopped } = await stopIdle();
  world.steps.apply(task, { kind: "cancel-asked" }, "person");
  const before = world.steps.require(task);
  expect(before.status).toBe("cancelled");
  expect(() => respawn(world, world.sessionOf(task), null)).toThrow("is cancelled");
  expect(() => respawn(world, stopped, "go on")).toThrow(
    expect.objectContaining({ hint: `Send it out again: switchyard task retry ${task}` }),
  );
  expect(world.steps.require(task)).toEqual(before);
});

test("only the last session of a task goes on with it, and only while there is something to do", async () => {
  const { world, task, stopped } = await stopIdle();
  respawn(world, stopped, null);
  await nextOf(world, task, stopped.id);
  expect(() => respawn(world, stopped, null)).toThrow("has gone on in");
  world.tell(task, edge);
  world.steps.apply(task, { kind: "finished" }, "test");
  world.tell(task, turnEnded);
  const last = world.sessionOf(task);
  await world.untilSession(last.id, "ended");
  expect(() => respawn(world, world.sessionOf(task), null)).toThrow("is queued");
});
