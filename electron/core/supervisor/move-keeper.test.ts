import { expect, test } from "vitest";
import { ProfileName } from "../../../shared/model/ids.ts";
import type { Moves } from "../../../shared/model/profile.ts";
import { silentLog } from "../base/log.ts";
import { sampleProfile } from "../store/sample-rows.ts";
import { moveByPerson } from "./move-by-person.ts";
import { MoveKeeper } from "./move-keeper.ts";
import { createWorld, prompt } from "./supervisor-world.ts";

const FIRST = ProfileName.parse("max-1");
const SECOND = ProfileName.parse("max-2");
const answered = {
  signal: "hook:Stop",
  kind: "turn-ended",
  lastMessage: "",
  hasBackgroundWork: true,
};
const refused = (error: string, message: string) => ({ kind: "turn-failed", error, message });
const limit = refused("rate-limit", "You've hit your 5-hour limit");
const noLogin = refused("authentication", "401");

/** Two profiles, of which the first lets conversations out and the second lets them in, and records that only remember. */
async function createMoves({ first = "out", second = "in", cap = 1, copyFails = false } = {}) {
  const world = createWorld({ cap });
  const { store, clock, steps, sessions, dispatcher, placer } = world;
  const copies = new Set<string>();
  const keeper = new MoveKeeper({
    store,
    clock,
    log: silentLog,
    steps,
    sessions,
    dispatcher,
    placer,
    halted: () => null,
    records: {
      async copy({ providerSession }, from, to) {
        if (copyFails) throw new Error("it is a symbolic link");
        expect(from.name).toBe(FIRST);
        // Two processes never live in one conversation: who copies its record has ended the one that wrote it.
        const live = store.sessions.list({ isLive: true });
        expect(live.filter((each) => each.providerSession === providerSession)).toEqual([]);
        copies.add(`${to.name} ${providerSession}`);
      },
      removeCopy: ({ providerSession }, _from, to) =>
        void copies.delete(`${to.name} ${providerSession}`),
    },
  });
  store.write("person", () => {
    store.profiles.insert(sampleProfile({ name: SECOND, cap: 1 }), {});
    // The words are those of the schema.
    store.profiles.update(SECOND, { moves: second as Moves });
    store.profiles.update(FIRST, {
      moves: first as Moves,
      restsUntil: new Date(clock.now().getTime() + 3_600_000).toISOString(),
    });
  });
  world.supervisor.run();
  const task = world.addTask("a");
  await world.untilStarted(task);
  world.tell(task, prompt);
  world.tell(task, { ...answered, hasBackgroundWork: true });
  const left = world.sessionOf(task);
  const person = (to: string) =>
    moveByPerson({ store, clock, steps, moves: keeper }, left.id, ProfileName.parse(to));
  const until = (step: string) =>
    world.until(() => store.sessions.list().some(({ movedFrom }) => movedFrom?.step === step));
  const wake = () =>
    store.write("clock", (record) => {
      store.profiles.update(FIRST, { state: "ready" });
      record("profile.state", FIRST, { to: "ready" });
    });
  return { ...world, keeper, copies, task, left, person, wake, untilMove: until };
}
type Moved = Awaited<ReturnType<typeof createMoves>>;

const openMoves = ({ store }: Moved) =>
  store.intents.listOpen().filter(({ kind }) => kind === "move-conversation");

test("a conversation that met a limit goes on at the other profile, in the same worktree, and stays there", async () => {
  await using world = disposable(await createMoves());
  const { left, task, store, steps, copies } = world;
  world.keeper.run();
  world.tell(task, limit);
  await world.untilMove("trying");
  await world.untilStarted(task);
  const trial = world.sessionOf(task);
  const { providerSession, cwd } = left;
  expect(trial).toMatchObject({ profile: SECOND, providerSession, cwd, isResumed: true });
  expect(trial.placement.reason).toContain("its conversation came from max-1");
  expect([...copies]).toEqual([`max-2 ${providerSession}`]);
  expect(store.profiles.find(FIRST)?.live).toBe(0);
  expect(store.profiles.find(SECOND)?.live).toBe(1);

  world.tell(task, prompt);
  expect(world.sessionOf(task).movedFrom?.step).toBe("trying");
  world.tell(task, answered);
  await world.untilMove("moved");
  expect(openMoves(world)).toEqual([]);
  expect(steps.require(task)).toMatchObject({ status: "running", profile: SECOND, failures: 0 });
  expect(store.sessions.find(left.id)?.reason).toBe(
    "its conversation goes on at max-2: You've hit your 5-hour limit",
  );
  world.wake();
  expect(world.sessionOf(task).profile).toBe(SECOND);
});

test("a profile that does not answer gives it back: the task waits as before and says why, and is not tried there again", async () => {
  await using world = disposable(await createMoves());
  const { left, task, store, steps } = world;
  world.keeper.run();
  world.tell(task, limit);
  await world.untilMove("trying");
  await world.untilStarted(task);
  world.tell(task, prompt);
  world.tell(task, noLogin);
  await world.untilMove("undone");
  expect(world.signedOut).toEqual([SECOND]);
  expect([...world.copies]).toEqual([]);
  expect(openMoves(world)).toEqual([]);
  expect(steps.require(task)).toMatchObject({
    status: "parked",
    session: left.id,
    profile: FIRST,
    failures: 0,
    reason:
      "rate-limit: You've hit your 5-hour limit; its conversation stays where it is: max-2 did not take it: cannot sign in: 401",
  });
  // Signed in again, it is still not asked a second time for the same limit.
  store.write("test", () => store.profiles.update(SECOND, { state: "ready" }));
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  expect(openMoves(world)).toEqual([]);

  world.wake();
  await world.until(() => world.sessionOf(task).id !== left.id);
  const { profile, providerSession, isResumed } = world.sessionOf(task);
  expect({ profile, providerSession, isResumed }).toEqual({
    profile: FIRST,
    providerSession: left.providerSession,
    isResumed: true,
  });
});

test("nothing moves that was not let out or in, nor for a wait of seconds", async () => {
  for (const [first, second] of [
    ["none", "in"],
    ["out", "none"],
    ["in", "out"],
  ]) {
    await using world = disposable(
      await createMoves({ first: String(first), second: String(second) }),
    );
    world.keeper.run();
    world.tell(world.task, limit);
    await world.untilTask(world.task, "parked");
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(openMoves(world)).toEqual([]);
    expect(world.store.sessions.find(world.left.id)?.state).toBe("limited");
    await expect(world.person("max-2")).rejects.toThrow(/^Conversations may not move/);
  }
});

test("a person moves one that waits; one that works, and a profile that is full or unknown, is refused in a sentence", async () => {
  await using world = disposable(await createMoves());
  const { task, left, store } = world;
  await expect(world.person("max-2")).rejects.toThrow(
    `Only the conversation of a session that waits for a limit can move; of ${left.id}, it is working`,
  );
  world.tell(task, limit);
  await world.untilTask(task, "parked");
  await expect(world.person("max-9")).rejects.toThrow("There is no profile max-9.");
  await expect(world.person("max-1")).rejects.toThrow("It is at max-1 already.");
  store.write("test", () => store.profiles.update(SECOND, { state: "signed-out" }));
  await expect(world.person("max-2")).rejects.toThrow("max-2 is signed out");
  store.write("test", () => store.profiles.update(SECOND, { state: "ready" }));
  store.write("test", () => store.tasks.update(task, { pinnedProfile: FIRST }));
  await expect(world.person("max-2")).rejects.toThrow(`${task} is pinned to max-1.`);
  store.write("test", () => store.tasks.update(task, { pinnedProfile: null }));
  const taker = await world.person("max-2");
  expect(taker).toMatchObject({ profile: SECOND, placement: { strategy: "person" } });
  await expect(world.person("max-2")).rejects.toThrow("Only the conversation");
});

test("one slot takes one conversation: the other keeps its session and waits", async () => {
  await using world = disposable(await createMoves({ cap: 2 }));
  const { store, task } = world;
  const other = world.addTask("b");
  await world.untilStarted(other);
  world.tell(other, prompt);
  for (const each of [task, other]) {
    world.tell(each, limit);
    await world.untilTask(each, "parked");
  }
  world.keeper.run();
  await world.untilMove("trying");
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  const states = [task, other].map((each) => world.sessionOf(each));
  expect(states.map(({ profile }) => profile).toSorted()).toEqual([FIRST, SECOND]);
  expect(states.find(({ profile }) => profile === FIRST)?.state).toBe("limited");
  expect(store.profiles.find(SECOND)?.live).toBe(1);
});

test("a record that cannot be copied, and a task that the person took back meanwhile, leave nothing behind", async () => {
  await using world = disposable(await createMoves({ copyFails: true }));
  world.tell(world.task, limit);
  await world.untilTask(world.task, "parked");
  await expect(world.person("max-2")).rejects.toThrow("it is a symbolic link");
  expect(world.steps.require(world.task)).toMatchObject({ status: "parked", profile: FIRST });
  expect(openMoves(world)).toEqual([]);

  await using other = disposable(await createMoves());
  other.tell(other.task, limit);
  await other.untilTask(other.task, "parked");
  const moving = other.person("max-2");
  other.steps.apply(other.task, { kind: "cancel-asked" }, "person");
  await expect(moving).rejects.toThrow("did not move");
  expect([...other.copies]).toEqual([]);
  expect(openMoves(other)).toEqual([]);
  expect(other.steps.require(other.task).status).toBe("cancelled");
});

function disposable(world: Moved): Moved & AsyncDisposable {
  return { ...world, [Symbol.asyncDispose]: () => world.keeper[Symbol.asyncDispose]() };
}
