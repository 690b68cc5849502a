import { afterEach, expect, test } from "vitest";
import type { TaskId } from "../../../shared/model/ids.ts";
import { silentLog } from "../base/log.ts";
import type { WatchLimits } from "./plan-findings.ts";
import { createWorld, prompt } from "./supervisor-world.ts";
import { Watchdog } from "./watchdog.ts";

const MINUTE_MS = 60_000;
const OFF: WatchLimits = {
  silenceMinutes: null,
  repeats: null,
  tokensWithoutCommit: null,
  fleetSharePercent: null,
  taskUsd: null,
  taskTokens: null,
  taskMinutes: null,
  dayUsd: null,
  windowPercent: null,
};
const watchdogs: Watchdog[] = [];
let isWaitingForSlot = false;
const waitsForSlot = () => isWaitingForSlot;
afterEach(async () => {
  isWaitingForSlot = false;
  for (const watchdog of watchdogs.splice(0)) await watchdog[Symbol.asyncDispose]();
});

type World = ReturnType<typeof createWorld>;

function watch(world: World, limits: Partial<WatchLimits>, head = () => "a"): Watchdog {
  const { store, clock, steps, sessions } = world;
  const watchdog = new Watchdog({
    store,
    clock,
    log: silentLog,
    steps,
    sessions,
    host: world.client,
    limitsOf: () => ({ ...OFF, ...limits }),
    readHead: async () => head(),
    waitsForSlot,
    wake: () => undefined,
  });
  watchdogs.push(watchdog);
  watchdog.run();
  return watchdog;
}

async function startWorker(world: World): Promise<TaskId> {
  const task = world.addTask("wanders");
  world.supervisor.run();
  await world.untilStarted(task);
  world.tell(task, { ...prompt, signal: "hook:UserPromptSubmit" });
  return task;
}

/** Half a minute at a time, so that each look is over before the next begins. */
async function pass(world: World, minutes: number, between?: () => void): Promise<void> {
  for (let half = 0; half < 2 * minutes; half += 1) {
    await world.clock.advance(MINUTE_MS / 2);
    for (const watchdog of watchdogs) await watchdog.settled();
    between?.();
  }
}

const fails = (world: World, task: TaskId) =>
  world.tell(task, {
    kind: "tool-ended",
    tool: "Bash",
    call: { id: "npm test", text: "Bash: npm test", hasFailed: true },
  });
const stepOf = (world: World, task: TaskId) => world.sessionOf(task).concern?.step ?? null;
const interruptions = (world: World) => world.host.typed.filter((text) => text === "\u001b").length;

test("the same failing command 300 times ends in a parked task, whose retry goes on in its conversation", async () => {
  const world = createWorld();
  const task = await startWorker(world);
  const first = world.sessionOf(task);
  watch(world, { repeats: 8 });
  for (let times = 0; times < 5; times += 1) fails(world, task);
  await pass(world, 1);
  expect(stepOf(world, task)).toBe("told");
  expect(interruptions(world)).toBe(0);
  for (let times = 5; times < 300; times += 1) fails(world, task);
  await pass(world, 6);
  expect(stepOf(world, task)).toBe("interrupted");
  expect(interruptions(world)).toBe(1);
  await pass(world, 6);
  await world.untilTask(task, "parked");
  expect(world.store.sessions.find(first.id)).toMatchObject({ state: "stopped" });
  const { reason } = world.steps.require(task);
  expect(reason).toMatch(
    /^runaway: it has made the same call 300 times in a row \(Bash: npm test\)/,
  );
  expect(reason).toContain(`switchyard task retry ${task}`);
  expect(world.store.profiles.list()[0]?.live).toBe(0);

  world.steps.apply(task, { kind: "retry-asked" }, "person", { handback: "try another way" });
  await world.until(() => world.steps.require(task).session !== first.id);
  expect(world.sessionOf(task)).toMatchObject({
    isResumed: true,
    providerSession: first.providerSession,
    concern: null,
  });
});

test("a silent worker is told of until it prints something", async () => {
  const world = createWorld();
  const task = await startWorker(world);
  watch(world, { silenceMinutes: 15 });
  await pass(world, 14);
  expect(stepOf(world, task)).toBeNull();
  await pass(world, 2);
  expect(stepOf(world, task)).toBe("told");
  const { id } = world.sessionOf(task);
  const row = world.host.rows.get(id);
  if (!row) throw new Error("the host has it");
  world.host.rows.set(id, { ...row, offset: 100 });
  await pass(world, 1);
  expect(stepOf(world, task)).toBeNull();
});

test("one whose command waits for a build slot is not silent for that", async () => {
  const world = createWorld();
  const task = await startWorker(world);
  watch(world, { silenceMinutes: 15 });
  isWaitingForSlot = true;
  await pass(world, 40);
  expect(stepOf(world, task)).toBeNull();
  // Its patience begins when the command does.
  isWaitingForSlot = false;
  await pass(world, 14);
  expect(stepOf(world, task)).toBeNull();
  await pass(world, 2);
  expect(stepOf(world, task)).toBe("told");
});

test("a clock that is set two hours on makes nobody silent", async () => {
  const world = createWorld();
  const task = await startWorker(world);
  watch(world, { silenceMinutes: 15 });
  await pass(world, 1);
  world.clock.jump(2 * 60 * MINUTE_MS);
  await pass(world, 1);
  expect(stepOf(world, task)).toBeNull();
});

test("a message from somebody ends the suspicion", async () => {
  const world = createWorld();
  const task = await startWorker(world);
  watch(world, { repeats: 2 });
  for (let times = 0; times < 9; times += 1) fails(world, task);
  await pass(world, 1);
  expect(stepOf(world, task)).toBe("told");
  world.tell(task, { ...prompt, signal: "hook:UserPromptSubmit" });
  expect(stepOf(world, task)).toBeNull();
  await pass(world, 6);
  expect(stepOf(world, task)).toBeNull();
});

test("tokens are counted from the last commit", async () => {
  const world = createWorld();
  const task = await startWorker(world);
  let head = "a";
  const { id } = world.sessionOf(task);
  const use = (tokens: number) =>
    world.store.gauges.setSession(id, {
      context: null,
      costUsd: null,
      answer: { id: String(tokens), tokens },
    });
  world.store.write("test", () =>
    world.store.sessions.update(id, { commitMark: { head, tokens: 0 } }),
  );
  watch(world, { tokensWithoutCommit: 1_000 }, () => head);
  use(1_100);
  await pass(world, 1);
  expect(world.sessionOf(task).concern).toMatchObject({ kind: "no-commits", step: "told" });
  head = "b";
  await pass(world, 1);
  expect(stepOf(world, task)).toBeNull();
  use(900);
  await pass(world, 1);
  expect(stepOf(world, task)).toBeNull();
});

test("a budget is told of, then the task is parked at once; a retry gives it the same again", async () => {
  const world = createWorld();
  const task = await startWorker(world);
  const first = world.sessionOf(task);
  watch(world, { taskUsd: 10 });
  const cost = (costUsd: number) =>
    world.store.gauges.setSession(first.id, { context: null, costUsd });
  cost(8);
  await pass(world, 1);
  expect(world.sessionOf(task).concern).toMatchObject({ kind: "budget", step: "told" });
  expect(world.steps.require(task).status).toBe("running");
  cost(10.5);
  await pass(world, 1);
  await world.untilTask(task, "parked");
  expect(world.steps.require(task).reason).toMatch(
    /^budget: the task has cost \$10\.50 of \$10\.00/,
  );
  expect(interruptions(world)).toBe(0);

  world.steps.apply(task, { kind: "retry-asked" }, "person", { handback: "go on" });
  await world.until(() => world.steps.require(task).session !== first.id);
  await world.untilStarted(task);
  world.tell(task, { ...prompt, signal: "hook:UserPromptSubmit" });
  // A conversation that goes on brings along what it has cost.
  const { id } = world.sessionOf(task);
  world.store.gauges.setSession(id, { context: null, costUsd: 12 });
  await pass(world, 2);
  expect(world.steps.require(task).status).toBe("running");
  expect(world.sessionOf(task).concern).toBeNull();
  world.store.gauges.setSession(id, { context: null, costUsd: 21 });
  await pass(world, 1);
  await world.untilTask(task, "parked");
});

test("a pause that a crash cut short is finished by the next core", async () => {
  const world = createWorld();
  const task = await startWorker(world);
  const { id } = world.sessionOf(task);
  const concern = {
    kind: "silent",
    text: "it is silent",
    step: "paused",
    at: "2026-11-21T09:00:00.000Z",
  } as const;
  world.store.write("test", () => world.store.sessions.update(id, { concern }));
  watch(world, {});
  await world.untilTask(task, "parked");
  expect(world.steps.require(task).reason).toMatch(/^runaway: it is silent/);
  expect(world.store.sessions.find(id)?.state).toBe("stopped");
});

test("a host that hangs does not keep the core from ending", async () => {
  const world = createWorld();
  const { store, clock, steps, sessions } = world;
  const asked = Promise.withResolvers<void>();
  const watchdog = new Watchdog({
    store,
    clock,
    log: silentLog,
    steps,
    sessions,
    host: () => {
      asked.resolve();
      return { ...world.client(), call: () => new Promise(() => undefined) };
    },
    limitsOf: () => OFF,
    readHead: async () => null,
    waitsForSlot,
    wake: () => undefined,
  });
  watchdog.run();
  await asked.promise;
  await watchdog[Symbol.asyncDispose]();
});

test("the hours that a worker waits for its limit are charged to no budget of minutes", async () => {
  const world = createWorld();
  const task = await startWorker(world);
  watch(world, { taskMinutes: 20 });
  await pass(world, 10);
  world.tell(task, { kind: "turn-failed", error: "rate-limit", message: "limit reached" });
  await pass(world, 300);
  expect(world.sessionOf(task)).toMatchObject({ state: "limited", concern: null });
  world.tell(task, { ...prompt, signal: "hook:UserPromptSubmit" });
  await pass(world, 5);
  expect(world.sessionOf(task)).toMatchObject({ state: "working", concern: null });
  await pass(world, 6);
  expect(world.sessionOf(task)).toMatchObject({ state: "stopped", concern: { kind: "budget" } });
});
