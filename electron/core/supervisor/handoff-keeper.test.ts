import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import type { TaskId } from "../../../shared/model/ids.ts";
import { silentLog } from "../base/log.ts";
import { HANDOFF_ASK } from "../task/write-first-message.ts";
import { HandoffKeeper } from "./handoff-keeper.ts";
import { takeHandoff } from "./handoff-notes.ts";
import { createWorld, prompt, turnEnded } from "./supervisor-world.ts";

const WINDOW = 200_000;
const note = {
  done: "the parser",
  remaining: "the printer",
  decisions: null,
  files: ["src/parser.js"],
  check: "npm test",
};
const keepers: HandoffKeeper[] = [];
afterEach(async () => {
  for (const keeper of keepers.splice(0)) await keeper[Symbol.asyncDispose]();
});

type World = ReturnType<typeof createWorld>;

function parts(world: World) {
  const { store, steps } = world;
  const folderOf = (id: string) => {
    const folder = join(world.home, "notes", id);
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  return { store, steps, folderOf };
}

function keep(
  world: World,
  describeWork: () => Promise<typeof note> = async () => ({ ...note, done: "seen from outside" }),
): HandoffKeeper {
  const keeper = new HandoffKeeper({
    ...parts(world),
    clock: world.clock,
    log: silentLog,
    sessions: world.sessions,
    finisher: world.finisher,
    settingsOf: () => ({ handoffAt: undefined, handoffsMax: 5 }),
    describeWork,
  });
  keepers.push(keeper);
  keeper.run();
  return keeper;
}

async function startWorker(world: World): Promise<TaskId> {
  const task = world.addTask("large");
  world.supervisor.run();
  await world.untilStarted(task);
  world.tell(task, { ...prompt, signal: "hook:UserPromptSubmit" });
  return task;
}

function fill(world: World, task: TaskId, tokens: number): void {
  const context = { tokens, window: WINDOW };
  world.store.gauges.setSession(world.sessionOf(task).id, { context, costUsd: null });
}

const takeUp = (world: World, task: TaskId) =>
  world.tell(task, { ...prompt, signal: "hook:UserPromptSubmit", prompt: HANDOFF_ASK });
const typed = (world: World) => world.host.typed.join("").split(HANDOFF_ASK).length - 1;
const handOver = (world: World, task: TaskId, max = 5) =>
  takeHandoff(
    { ...parts(world), maxOf: () => max, listUncommitted: async () => ["left.txt"] },
    world.sessionOf(task),
    note,
  );

test("a worker that fills up is asked, hands over, and a fresh conversation goes on", async () => {
  const world = createWorld();
  keep(world);
  const task = await startWorker(world);
  const first = world.sessionOf(task);
  fill(world, task, 141_000);
  await expect.poll(() => typed(world)).toBe(1);
  takeUp(world, task);
  expect(await handOver(world, task)).toEqual({ number: 1, uncommitted: ["left.txt"] });
  expect(world.steps.require(task)).toMatchObject({ status: "ready", failures: 0, handoffs: 1 });
  world.sessions.onSignal(first.id, {
    seq: (world.store.sessions.find(first.id)?.signalSeq ?? 0) + 1,
    at: "2026-11-21T09:30:00.000Z",
    kind: "hook",
    body: { at: "2026-11-21T09:30:00.000Z", signal: "hook:Stop", ...turnEnded },
  });
  await world.untilSession(first.id, "ended");
  await world.until(() => world.steps.require(task).session !== first.id);
  const second = world.sessionOf(task);
  expect(second.isResumed).toBe(false);
  expect(second.providerSession).not.toBe(first.providerSession);
  expect(world.store.handoffs.list(task)).toMatchObject([
    { number: 1, session: first.id, by: "worker", note: { remaining: "the printer" } },
  ]);
  const file = join(world.home, "notes", first.id, "handoff-1.md");
  expect(readFileSync(file, "utf8")).toContain("left.txt");
});

test("the same note again, after its answer was lost, is not a second one", async () => {
  const world = createWorld();
  const task = await startWorker(world);
  await handOver(world, task);
  const session = world.store.sessions.list({ task })[0];
  if (!session) throw new Error("there was a session");
  const again = await takeHandoff(
    { ...parts(world), maxOf: () => 5, listUncommitted: async () => [] },
    session,
    note,
  );
  expect(again).toMatchObject({ number: 1 });
  expect(world.store.handoffs.list(task)).toHaveLength(1);
});

test("at the second threshold the supervisor writes the note and ends the session", async () => {
  const world = createWorld();
  keep(world);
  const task = await startWorker(world);
  const first = world.sessionOf(task);
  fill(world, task, 171_000);
  await world.untilSession(first.id, "ended");
  await world.until(() => world.steps.require(task).session !== first.id);
  expect(world.store.handoffs.list(task)).toMatchObject([
    { by: "supervisor", note: { done: expect.stringContaining("seen from outside") } },
  ]);
  expect(typed(world)).toBe(0);
});

test("a worker that took the message and ended its turn without a note is not reminded of anything else", async () => {
  const world = createWorld();
  keep(world);
  const task = await startWorker(world);
  const first = world.sessionOf(task);
  fill(world, task, 141_000);
  await expect.poll(() => typed(world)).toBe(1);
  takeUp(world, task);
  world.tell(task, turnEnded);
  await world.clock.advance(6_000);
  await world.untilSession(first.id, "ended");
  expect(world.store.handoffs.list(task)).toMatchObject([{ by: "supervisor" }]);
  expect(world.host.typed.join("")).not.toContain("You ended your turn");
});

test("after a core that died between the note and the end of the session, the next one ends it, once", async () => {
  const world = createWorld();
  const task = await startWorker(world);
  const first = world.sessionOf(task);
  await handOver(world, task);
  expect(world.store.sessions.find(first.id)?.state).toBe("working");
  keep(world);
  await expect.poll(() => world.clock.pending()).toBeGreaterThan(0);
  await world.clock.advance(60_000);
  await world.untilSession(first.id, "ended");
  await world.until(() => world.steps.require(task).session !== first.id);
  expect(world.host.stopped.filter((id) => id === first.id).length).toBeGreaterThan(0);
  expect(world.store.sessions.list({ task, isLive: true })).toHaveLength(1);
});

test("a fresh session that never began does not bring the full conversation back", async () => {
  const world = createWorld();
  const task = await startWorker(world);
  const first = world.sessionOf(task);
  await handOver(world, task);
  await world.sessions.end(first.id, "ended", "test");
  await world.until(() => world.steps.require(task).session !== first.id);
  const second = world.sessionOf(task);
  await world.until(() => world.sessionOf(task).pid !== null);
  world.crash(task);
  expect(world.steps.require(task).handback).not.toBeNull();
  await expect.poll(() => world.clock.pending()).toBeGreaterThan(0);
  await world.clock.advance(8_000);
  await world.until(() => world.steps.require(task).session !== second.id);
  expect(world.sessionOf(task).isResumed).toBe(false);
});

test("a task that is handed over again and again waits for the person, and its session ends", async () => {
  const world = createWorld();
  keep(world);
  const task = await startWorker(world);
  const first = world.sessionOf(task);
  await handOver(world, task, 0);
  expect(world.steps.require(task)).toMatchObject({ status: "needs-input" });
  expect(world.steps.require(task).reason).toContain("handed over 1 times");
  await world.clock.advance(60_000);
  await world.untilSession(first.id, "ended");
  expect(world.steps.require(task)).toMatchObject({ status: "needs-input" });
  expect(existsSync(join(world.home, "notes", first.id, "handoff-1.md"))).toBe(true);
});

test("a core that died while it gathered the note leaves it to the next one", async () => {
  const world = createWorld();
  const gathering = Promise.withResolvers<void>();
  const first = keep(world, () => {
    gathering.resolve();
    return new Promise(() => undefined);
  });
  const task = await startWorker(world);
  const { id } = world.sessionOf(task);
  fill(world, task, 171_000);
  await gathering.promise;
  await first[Symbol.asyncDispose]();
  expect(world.store.handoffs.list(task)).toEqual([]);
  keep(world);
  await world.untilSession(id, "ended");
  expect(world.store.handoffs.list(task)).toHaveLength(1);
});

test("a note that could not be gathered is gathered again after a while", async () => {
  const world = createWorld();
  let tries = 0;
  keep(world, async () => {
    tries += 1;
    if (tries === 1) throw new Error("the disk is full");
    return note;
  });
  const task = await startWorker(world);
  const { id } = world.sessionOf(task);
  fill(world, task, 171_000);
  await expect.poll(() => tries).toBe(1);
  await world.clock.advance(10_000);
  await world.untilSession(id, "ended");
  expect(world.store.handoffs.list(task)).toHaveLength(1);
});

test.each(["dialog", "checks"])(
  "nothing is taken from a session that changed while its work was looked at: %s",
  async (change) => {
    const world = createWorld();
    const gathering = Promise.withResolvers<void>();
    const gathered = Promise.withResolvers<typeof note>();
    let tries = 0;
    keep(world, () => {
      tries += 1;
      gathering.resolve();
      return gathered.promise;
    });
    const task = await startWorker(world);
    const { id } = world.sessionOf(task);
    fill(world, task, 171_000);
    await gathering.promise;
    const finishing = vi.spyOn(world.finisher, "isFinishing").mockReturnValue(change === "checks");
    if (change === "dialog")
      world.tell(task, { kind: "permission-asked", tool: "Bash", summary: "rm -r build" });
    gathered.resolve(note);
    await world.clock.advance(1_000);
    expect(world.store.handoffs.list(task)).toEqual([]);
    expect(world.host.stopped).toEqual([]);

    // Answered, or its checks failed: it works on, and hands over then.
    finishing.mockRestore();
    world.tell(task, { ...prompt, signal: "hook:UserPromptSubmit" });
    world.tell(task, { kind: "tool-started", tool: "Bash", summary: "ls" });
    await world.untilSession(id, "ended");
    expect(tries).toBe(2);
    expect(world.store.handoffs.list(task)).toHaveLength(1);
  },
);

test("a message that a crash kept from being typed is sent after the turn", async () => {
  const world = createWorld();
  const task = await startWorker(world);
  const { id } = world.sessionOf(task);
  const at = "2026-11-21T09:00:00.000Z";
  world.store.write("test", () =>
    world.store.sessions.update(id, { handoffAsk: { at, times: 1, isDelivered: false } }),
  );
  fill(world, task, 141_000);
  keep(world);
  expect(typed(world)).toBe(0);
  world.tell(task, turnEnded);
  await world.clock.advance(6_000);
  await expect.poll(() => typed(world)).toBe(1);
  expect(world.host.typed.join("")).not.toContain("You ended your turn");
});
