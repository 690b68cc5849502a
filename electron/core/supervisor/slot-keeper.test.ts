import { expect, test, vi } from "vitest";
import type { TaskId } from "../../../shared/model/ids.ts";
import { silentLog } from "../base/log.ts";
import { tellEnded } from "./continue-conversation.ts";
import { SlotKeeper } from "./slot-keeper.ts";
import { createWorld, prompt, turnEnded } from "./supervisor-world.ts";

const SECOND_MS = 1_000;
const edge = { ...prompt, signal: "hook:UserPromptSubmit" };
const never = new AbortController().signal;

/** A world of one slot for each of these tasks, all of whose workers said that they are blocked and ended their turns. */
async function untilBlocked(...titles: readonly string[]) {
  const world = createWorld({ cap: titles.length });
  world.supervisor.run();
  const blocked: TaskId[] = [];
  for (const title of titles) {
    const task = world.addTask(title);
    await world.untilStarted(task);
    world.tell(task, edge);
    world.steps.apply(task, { kind: "person-needed", reason: "blocked: which port?" }, "test");
    world.tell(task, turnEnded);
    blocked.push(task);
    await world.clock.advance(1);
  }
  const typing = new Set<string>();
  const minutes: { patience: number | null } = { patience: 1 };
  const keeper = new SlotKeeper({
    ...world,
    log: silentLog,
    hasKeyboard: (session) => typing.has(session),
    patienceMinutes: () => minutes.patience,
  });
  keeper.run();
  const pass = (seconds: number) => world.clock.advance(seconds * SECOND_MS);
  const stateOf = (task: TaskId) => world.sessionOf(task).state;
  return { world, blocked, typing, minutes, keeper, pass, stateOf };
}

test("a session that waits for the person keeps its slot while nobody else wants it", async () => {
  const { blocked, pass, stateOf } = await untilBlocked("one");
  await pass(600);
  expect(blocked.map(stateOf)).toEqual(["idle"]);
});

test("the longest waiting gives its slot to a task that is ready, and goes on with the answer once there is a slot", async () => {
  const { world, blocked, pass, stateOf } = await untilBlocked("one", "two");
  const [one, two] = blocked;
  if (!one || !two) throw new Error("two tasks wait");
  const next = world.addTask("next");
  await pass(59);
  expect([one, two].map(stateOf)).toEqual(["idle", "idle"]);
  await pass(6);
  const stopped = world.sessionOf(one);
  await world.untilSession(stopped.id, "stopped");
  expect(world.sessionOf(one).reason).toBe(
    `it waits for you, and ${next} had work for its slot; it goes on at your next message`,
  );
  expect(world.steps.require(one)).toMatchObject({
    status: "needs-input",
    reason: "blocked: which port?",
    failures: 0,
  });
  await world.untilStarted(next);
  await pass(600);
  expect(stateOf(two), "one slot was wanted").toBe("idle");

  const answer = tellEnded({ ...world, signal: never }, world.sessionOf(one), "Port 8080.");
  await expect(answer).rejects.toMatchObject({ code: "cap-full" });
  // The answered task is the one that is ready now: the other that waits makes room for it.
  await pass(6);
  await world.until(() => world.sessionOf(one).id !== stopped.id);
  await world.untilStarted(one);
  expect(world.sessionOf(one)).toMatchObject({
    isResumed: true,
    providerSession: stopped.providerSession,
  });
  expect(stateOf(two)).toBe("stopped");
});

test("a task that could not start anyway gets no slot", async () => {
  const { world, blocked, pass, stateOf } = await untilBlocked("one");
  const [one] = blocked;
  world.addTask("behind it", one ? [one] : []);
  world.setProfile("resting");
  world.addTask("without a profile");
  await pass(600);
  expect(blocked.map(stateOf)).toEqual(["idle"]);
});

test.each(["hours", "paths"] as const)(
  "a task that %s would hold back all the same gets no slot, whatever profile it is pinned to",
  async (what) => {
    const { world, blocked, pass, stateOf } = await untilBlocked("one");
    const [one] = blocked;
    if (!one) throw new Error("a task waits");
    const paths = what === "paths" ? ["src/**"] : [];
    world.store.write("person", () => world.store.tasks.update(one, { paths }));
    if (what === "hours") world.hours.workers = 0;
    world.store.write("person", () => {
      const next = world.addTask("next");
      world.store.tasks.update(next, { paths, pinnedProfile: world.sessionOf(one).profile });
    });
    await pass(600);
    expect(blocked.map(stateOf)).toEqual(["idle"]);
  },
);

test("a look asks once for all sessions of a profile and project whether their slot is wanted", async () => {
  const { world, pass } = await untilBlocked("one", "two", "three");
  const asked = vi.spyOn(world.dispatcher, "findHeir");
  await pass(60);
  asked.mockClear();
  await pass(5);
  expect(asked).toHaveBeenCalledTimes(1);
});

test("off means never", async () => {
  const { world, blocked, minutes, pass, stateOf } = await untilBlocked("one");
  minutes.patience = null;
  world.addTask("next");
  await pass(600);
  expect(blocked.map(stateOf)).toEqual(["idle"]);
});

test("whoever is typed to, is pinned, has a dialog open or works keeps its slot", async () => {
  const { world, blocked, typing, pass, stateOf } = await untilBlocked("a", "b", "c", "d");
  const [typed, pinned, asks, works] = blocked;
  if (!typed || !pinned || !asks || !works) throw new Error("four tasks wait");
  typing.add(world.sessionOf(typed).id);
  const { id } = world.sessionOf(pinned);
  world.store.write("person", () => world.store.sessions.update(id, { pinned: true }));
  world.tell(asks, { kind: "permission-asked", tool: "Bash", summary: "rm -r build" });
  world.tell(works, edge);
  world.addTask("next");
  await pass(600);
  expect(blocked.map(stateOf)).toEqual(["idle", "idle", "needs-input", "working"]);
});

test("what works again and then waits has its patience anew, and a keeper that is ended looks no more", async () => {
  const { world, blocked, keeper, pass, stateOf } = await untilBlocked("one");
  const [one] = blocked;
  if (!one) throw new Error("a task waits");
  world.addTask("next");
  await pass(40);
  world.tell(one, edge);
  world.steps.apply(one, { kind: "person-needed", reason: "blocked: again" }, "test");
  world.tell(one, turnEnded);
  await pass(40);
  expect(stateOf(one)).toBe("idle");
  await keeper[Symbol.asyncDispose]();
  await pass(600);
  expect(stateOf(one)).toBe("idle");
});
