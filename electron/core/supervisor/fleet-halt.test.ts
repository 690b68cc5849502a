import { expect, test } from "vitest";
import { ownIdentity } from "../base/process-identity.ts";
import { HALTED_AT_REST, idleReason } from "../worker/stop-reasons.ts";
import { countAtRest, describeHalt, haltFleet, resumeFleet } from "./fleet-halt.ts";
import { createWorld, prompt, turnEnded } from "./supervisor-world.ts";

const edge = { ...prompt, signal: "hook:UserPromptSubmit" };

test("P24: a halt ends every session, hands out nothing more, and what it stopped goes on by itself", async () => {
  const world = createWorld({ cap: 2 });
  const [first, second, third] = ["a", "b", "c"].map((title) => world.addTask(title));
  if (!first || !second || !third) throw new Error("the world has three tasks");
  world.supervisor.run();
  await world.untilStarted(first);
  await world.untilStarted(second);
  world.tell(first, edge);
  const before = world.sessionOf(first);

  await haltFleet(world, "the cat is on the keyboard", "person");
  expect(world.store.sessions.list({ isLive: true })).toEqual([]);
  expect(world.sessionOf(first)).toMatchObject({
    state: "stopped",
    reason: "everything was stopped while it was at work",
  });
  world.dispatcher.wake();
  expect(world.dispatcher.claim(third)).toBeNull();
  expect(() => world.dispatcher.startNow(third)).toThrow("the cat is on the keyboard");
  for (const task of [first, second, third])
    expect(world.steps.require(task)).toMatchObject({ status: "ready", failures: 0 });
  expect(describeHalt(world.store.fleet.read())).toContain("switchyard resume");

  resumeFleet(world.store, "person");
  world.dispatcher.wake();
  await world.until(() => world.sessionOf(first).id !== before.id);
  expect(world.sessionOf(first)).toMatchObject({
    isResumed: true,
    providerSession: before.providerSession,
  });
});

test("a task that waited for the person when everything was stopped waits on, and needs no retry", async () => {
  const world = createWorld();
  const task = world.addTask("asks");
  world.supervisor.run();
  await world.untilStarted(task);
  world.tell(task, edge);
  world.steps.apply(task, { kind: "person-needed", reason: "blocked: which port?" }, "test");
  world.tell(task, turnEnded);
  await haltFleet(world, null, "person");
  resumeFleet(world.store, "person");
  expect(world.sessionOf(task).reason).toContain("goes on at your next message");
  expect(countAtRest(world.store)).toBe(1);
  expect(world.steps.require(task)).toMatchObject({
    status: "needs-input",
    reason: "blocked: which port?",
  });
});

test("an idle session that nobody waits for goes out again after a halt: one that was asked to hand over", async () => {
  const world = createWorld();
  const task = world.addTask("asked");
  world.supervisor.run();
  await world.untilStarted(task);
  world.tell(task, edge);
  const { id } = world.sessionOf(task);
  const handoffAsk = { at: "2026-11-21T09:00:00.000Z", times: 1, isDelivered: false };
  world.store.write("test", () => world.store.sessions.update(id, { handoffAsk }));
  world.tell(task, turnEnded);
  expect(world.sessionOf(task).state).toBe("idle");
  await haltFleet(world, null, "person");
  expect(world.steps.require(task)).toMatchObject({ status: "ready", failures: 0 });
  resumeFleet(world.store, "person");
  world.dispatcher.wake();
  await world.until(() => world.sessionOf(task).id !== id);
  expect(world.sessionOf(task).isResumed).toBe(true);
});

test.each([HALTED_AT_REST, idleReason(60)])(
  "a turn's end that no core followed up strands no task: %s",
  async (why) => {
    const world = createWorld();
    const task = world.addTask("unfollowed");
    const claimed = world.dispatcher.claim(task);
    if (!claimed) throw new Error("nothing was claimed");
    await world.sessions.begin(claimed.session, { file: "claude", args: [], env: {} });
    world.tell(task, edge);
    world.tell(task, turnEnded);
    await world.sessions.end(claimed.session.id, "stopped", "test", { why });
    expect(world.steps.require(task).status).toBe("running");
    world.setProfile("resting");
    world.supervisor.run();
    expect(world.steps.require(task)).toMatchObject({ status: "ready", failures: 0 });
  },
);

test("a session whose start waits its turn is stopped too, and never gets a program", async () => {
  const world = createWorld({ cap: 2, startGapMs: 1_000 });
  const [first, second] = [world.addTask("a"), world.addTask("b")];
  world.supervisor.run();
  await world.untilStarted(first);
  await haltFleet(world, null, "person");
  expect(world.sessionOf(second)).toMatchObject({ state: "stopped", pid: null });
  await world.clock.advance(5_000);
  expect(world.host.rows.size).toBe(0);
  expect(world.steps.require(second).status).toBe("ready");
});

test.each(["falls silent while everything is stopped", "is not joined yet"])(
  "a host that %s keeps nothing running: each session is ended by its marks",
  async (how) => {
    const world = createWorld({ cap: 2 });
    const tasks = ["a", "b"].map((title) => world.addTask(title));
    world.supervisor.run();
    for (const task of tasks) await world.untilStarted(task);
    const ids = tasks.map((task) => world.sessionOf(task).id);
    world.host.link.isThere = how !== "is not joined yet";
    const halting = haltFleet(world, null, "person");
    if (world.host.link.isThere) world.host.fallSilent();
    await halting;
    expect(world.strays.toSorted()).toEqual(ids.toSorted());
    for (const task of tasks) {
      expect(world.sessionOf(task).state).toBe("stopped");
      expect(world.steps.require(task)).toMatchObject({ status: "ready", failures: 0 });
    }
    expect(world.store.intents.listOpen()).toEqual([]);
  },
);

test("what only a silent host could end is told, and ended once it answers", async () => {
  const world = createWorld();
  const task = world.addTask("a");
  world.supervisor.run();
  await world.untilStarted(task);
  const { id } = world.sessionOf(task);
  // A process that the marks do not find, and that lives.
  const { pid, startTicks } = ownIdentity();
  world.store.write("test", () => world.store.sessions.update(id, { pid, startTicks }));
  world.host.fallSilent();
  await expect(haltFleet(world, null, "person")).rejects.toMatchObject({
    code: "timeout",
    hint: "It is ended as soon as the host answers. See: switchyard status",
  });
  expect(world.store.sessions.find(id)?.state).toBe("starting");
  expect(world.store.intents.listOpen()).toMatchObject([{ kind: "stop-session", subject: id }]);
});

test("a core that was killed in the middle of a halt goes on with it, and says why", async () => {
  const world = createWorld();
  const task = world.addTask("a");
  const claimed = world.dispatcher.claim(task);
  if (!claimed) throw new Error("nothing was claimed");
  await world.sessions.begin(claimed.session, { file: "claude", args: [], env: {} });
  world.tell(task, edge);
  // Saved, and killed before the host heard of it.
  world.store.write("person", () => {
    world.store.fleet.set(true, null);
    world.store.intents.open("stop-session", claimed.session.id, {
      as: "stopped",
      why: "everything was stopped while it was at work",
    });
  });
  await world.sessions.reconcile();
  world.supervisor.run();
  expect(world.steps.require(task)).toMatchObject({ status: "ready", failures: 0 });
  expect(world.store.intents.listOpen()).toEqual([]);
  await haltFleet(world, null, "recovery");
  expect(world.store.fleet.read().isHalted).toBe(true);
});
