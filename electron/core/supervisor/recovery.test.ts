import { expect, test } from "vitest";
import { createWorld } from "./supervisor-world.ts";

const prompt = { kind: "prompt-accepted", prompt: "go", isSynthetic: false };

test("a core that comes back says that its sessions were reattached, once, and keeps their state", async () => {
  const world = createWorld();
  const task = world.addTask("goes on");
  const claimed = world.dispatcher.claim(task);
  if (!claimed) throw new Error("nothing was claimed");
  await world.sessions.begin(claimed.session, { file: "claude", args: [], env: {} });
  world.tell(task, prompt);
  await world.sessions.reconcile();
  const { state, recovery } = world.sessionOf(task);
  expect(state).toBe("working");
  expect(recovery?.rung).toBe("reattached");
  await world.clock.advance(1_000);
  await world.sessions.reconcile();
  expect(world.sessionOf(task).recovery).toEqual(recovery);
});

test("what still runs of a lost session is ended before its task can go out again", async () => {
  const world = createWorld();
  const task = world.addTask("lost");
  const claimed = world.dispatcher.claim(task);
  if (!claimed) throw new Error("nothing was claimed");
  const { id } = claimed.session;
  // Its program was started, and the core died before it could write that down.
  await world.sessions.reconcile();
  expect(world.strays).toEqual([id]);
  expect(world.store.sessions.find(id)?.state).toBe("failed");
});

test("a process that cannot be killed keeps no core from starting, and is tried again by the next", async () => {
  const world = createWorld();
  const [stuck, other] = ["stuck", "other"].map((title) => {
    const claimed = world.dispatcher.claim(world.addTask(title));
    if (!claimed) throw new Error("nothing was claimed");
    return claimed.session;
  });
  if (!stuck || !other) throw new Error("there are two sessions");
  for (const session of [stuck, other]) {
    await world.sessions.begin(session, { file: "claude", args: [], env: {} });
    world.store.write("person", () =>
      world.store.intents.open("stop-session", session.id, { as: "stopped", why: null }),
    );
  }
  const state = (id: string) => world.store.sessions.list().find((row) => row.id === id)?.state;
  world.host.unkillable.add(stuck.id);
  await world.sessions.reconcile();
  expect([state(stuck.id), state(other.id)]).toEqual(["starting", "stopped"]);
  const open = () => world.store.intents.listOpen().filter(({ kind }) => kind === "stop-session");
  expect(open()).toMatchObject([{ subject: stuck.id }]);
  world.host.unkillable.clear();
  await world.sessions.reconcile();
  expect(state(stuck.id)).toBe("stopped");
  expect(open()).toEqual([]);
});

test("a session whose conversation a person has open waits for that person", async () => {
  const world = createWorld();
  const task = world.addTask("open elsewhere");
  world.supervisor.run();
  await world.untilStarted(task);
  const { id } = world.sessionOf(task);
  world.sessions.fail(id, "its conversation is open elsewhere: process 12 has it.");
  expect(world.steps.require(task)).toMatchObject({ status: "needs-input", failures: 0 });
  expect(world.steps.require(task).reason).toContain("process 12");
});

test("a clock that was set back hides no level from then on", async () => {
  const world = createWorld();
  const task = world.addTask("jumps");
  world.supervisor.run();
  await world.untilStarted(task);
  world.tell(task, prompt);
  world.clock.jump(-2 * 3_600_000);
  const at = world.clock.now().toISOString();
  const { id } = world.sessionOf(task);
  const idle = { kind: "status-level", level: "idle", waitingFor: null } as const;
  world.sessions.hear(id, { ...idle, at, signal: "level:idle" });
  expect(world.sessionOf(task).state).toBe("interrupted");
});

test("a conversation whose provider refuses it is left for a fresh one, with a note and no mark against the task", async () => {
  const world = createWorld();
  const task = world.addTask("dangles");
  world.supervisor.run();
  await world.untilStarted(task);
  const first = world.sessionOf(task);
  const started = { ...prompt, signal: "hook:UserPromptSubmit" };
  world.tell(task, started);
  world.crash(task);
  expect(world.dispatcher.claim(task)).toBeNull();
  await world.clock.advance(2_000);
  await world.until(() => world.sessionOf(task).id !== first.id);
  await world.untilStarted(task);
  const second = world.sessionOf(task);
  expect(second.isResumed).toBe(true);
  world.tell(task, started);
  const message = "API Error: 400 tool_use ids were found without tool_result blocks";
  world.tell(task, { kind: "turn-failed", error: "unknown", message, signal: "hook:StopFailure" });
  await world.untilSession(second.id, "ended");
  await world.clock.advance(2_000);
  await world.until(() => world.sessionOf(task).id !== second.id);
  const third = world.sessionOf(task);
  expect(third).toMatchObject({ isResumed: false, recovery: { rung: "re-dispatched" } });
  expect(third.recovery?.reason).toContain("tool_use ids");
  expect(world.steps.require(task).handback).toContain("tool_use ids");
  expect(world.steps.require(task).failures).toBe(1);
});
