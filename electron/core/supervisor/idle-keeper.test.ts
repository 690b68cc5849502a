import { expect, test } from "vitest";
import { silentLog } from "../base/log.ts";
import { IdleKeeper } from "./idle-keeper.ts";
import { createWorld, prompt, turnEnded } from "./supervisor-world.ts";

const MINUTE_MS = 60_000;
const edge = { ...prompt, signal: "hook:UserPromptSubmit" };

/** A world in which one worker said that it is blocked and ended its turn; the keeper looks from then on. */
async function untilIdle(idleMinutes: number | null = 60) {
  const world = createWorld();
  const task = world.addTask("blocked");
  world.supervisor.run();
  await world.untilStarted(task);
  world.tell(task, edge);
  world.steps.apply(task, { kind: "person-needed", reason: "blocked: which port?" }, "test");
  world.tell(task, turnEnded);
  const watched = new Set<string>();
  const finishing = new Set<string>();
  const keeper = new IdleKeeper({
    store: world.store,
    clock: world.clock,
    log: silentLog,
    sessions: world.sessions,
    finisher: { isFinishing: (id) => finishing.has(id) },
    isWatched: (session) => watched.has(session),
    idleMinutes: () => idleMinutes,
  });
  keeper.run();
  const { id } = world.sessionOf(task);
  const pass = (minutes: number) => world.clock.advance(minutes * MINUTE_MS);
  const state = () => world.store.sessions.find(id)?.state;
  return { world, task, id, watched, finishing, keeper, pass, state };
}

test("a session that is idle for an hour is stopped, and its task waits on where it was", async () => {
  const { world, task, id, pass, state } = await untilIdle();
  await pass(59);
  expect(state()).toBe("idle");
  await pass(1);
  await world.untilSession(id, "stopped");
  expect(world.store.sessions.find(id)?.reason).toBe(
    "idle for an hour; it goes on at your next message",
  );
  expect(world.steps.require(task)).toMatchObject({
    status: "needs-input",
    reason: "blocked: which port?",
    failures: 0,
  });
  expect(world.store.profiles.list()[0]?.live).toBe(0);
});

test("what somebody looks at stays, and the hour begins when nobody does any more", async () => {
  const { world, id, watched, pass, state } = await untilIdle();
  watched.add(id);
  await pass(120);
  watched.delete(id);
  await pass(59);
  expect(state()).toBe("idle");
  await pass(2);
  await world.untilSession(id, "stopped");
});

test("a session whose work is being checked stays, however long its checks take", async () => {
  const { task, finishing, pass, state } = await untilIdle();
  finishing.add(task);
  await pass(120);
  expect(state()).toBe("idle");
});

test("a pinned session stays", async () => {
  const { world, id, pass, state } = await untilIdle();
  world.store.write("person", () => world.store.sessions.update(id, { pinned: true }));
  await pass(120);
  expect(state()).toBe("idle");
});

test("a session that works again and then rests has a whole hour anew", async () => {
  const { world, task, pass, state } = await untilIdle();
  await pass(50);
  world.tell(task, edge);
  world.steps.apply(task, { kind: "person-needed", reason: "blocked: again" }, "test");
  world.tell(task, turnEnded);
  await pass(50);
  expect(state()).toBe("idle");
});

test("a question that is open is no idleness", async () => {
  const { world, task, pass, state } = await untilIdle();
  world.tell(task, { kind: "permission-asked", tool: "Bash", summary: "rm -r build" });
  await pass(120);
  expect(state()).toBe("needs-input");
});

test("P21: a wall clock that jumps by two hours stops nobody", async () => {
  const { world, pass, state } = await untilIdle();
  await pass(1);
  world.clock.jump(120 * MINUTE_MS);
  await pass(1);
  expect(state()).toBe("idle");
});

test("off means never; and a keeper that is ended looks no more", async () => {
  const off = await untilIdle(null);
  await off.pass(120);
  expect(off.state()).toBe("idle");
  const ended = await untilIdle();
  await ended.keeper[Symbol.asyncDispose]();
  await ended.pass(120);
  expect(ended.state()).toBe("idle");
});
