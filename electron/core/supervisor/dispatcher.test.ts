import { setImmediate } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { ProfileName } from "../../../shared/model/ids.ts";
import { createWorld, prompt, turnEnded } from "./supervisor-world.ts";

const only = ProfileName.parse("max-1");
const MANY = 40;

type World = ReturnType<typeof createWorld>;

/** A world whose one slot is taken, with many ready tasks for it. */
async function createCrowd(labels: readonly string[]) {
  const world = createWorld({ cap: 1 });
  world.supervisor.run();
  const first = world.addTask("first", [], labels);
  await world.untilStarted(first);
  for (let n = 0; n < MANY; n++) world.addTask(`ready ${n}`, [], labels);
  await settle();
  return { world, first };
}

/** The wakes that were asked for are through. */
async function settle() {
  for (let turn = 0; turn < 3; turn++) await setImmediate();
}

/** Every look at where a task would go asks what budgets say. */
function countLooks(world: World) {
  const counts = { looks: 0, claims: vi.spyOn(world.dispatcher, "claim") };
  Object.defineProperty(world.hold, "reason", {
    get: () => {
      counts.looks += 1;
      return null;
    },
  });
  return counts;
}

test.each([
  ["of a full pool", ["ui"]],
  ["that may go anywhere", []],
])("ready tasks %s cost a wake one look, and no claim", async (_what, labels) => {
  const { world } = await createCrowd(labels);
  if (labels.length > 0)
    world.pools.push({ name: "ui", profiles: [only], labels: ["ui"], roles: [] });
  const counts = countLooks(world);
  world.dispatcher.wake();
  await settle();
  expect(counts.looks).toBe(1);
  expect(counts.claims).not.toHaveBeenCalled();
});

test("whether anybody would get a slot costs a look, however many are ready", async () => {
  const { world, first } = await createCrowd(["ui"]);
  world.pools.push({ name: "ui", profiles: [only], labels: ["ui"], roles: [] });
  world.setProfile("resting");
  await settle();
  const counts = countLooks(world);
  expect(world.dispatcher.findHeir(world.sessionOf(first))).toBeNull();
  expect(counts.looks).toBe(1);
});

test("what is handed back is no part of what the others of its pool are told", async () => {
  const world = createWorld();
  world.pools.push({ name: "ui", profiles: [only], labels: ["ui"], roles: [] });
  world.store.write("person", () =>
    world.store.projects.update(world.project, { strategy: "least-loaded" }),
  );
  world.supervisor.run();
  const first = world.addTask("first", [], ["ui"]);
  await world.untilStarted(first);
  world.tell(first, { ...prompt, signal: "hook:UserPromptSubmit" });
  world.tell(first, turnEnded);
  world.store.write("test", () => world.store.tasks.update(first, { handback: "merge main" }));
  const other = world.addTask("other", [], ["ui"]);
  const resetsAt = new Date(world.clock.now().getTime() + 4 * 3_600_000).toISOString();
  const measuredAt = world.clock.now().toISOString();
  const window = { usedPercent: 90, resetsAt, measuredAt, source: "statusline" as const };
  const dry = world.placer.candidates().map((each) => ({
    ...each,
    windows: { ...each.windows, fiveHour: window },
    burn: { fiveHour: 20, sevenDay: null },
  }));
  const tasks = [other, first].map((id) => world.steps.require(id));
  expect(world.placer.findShut(tasks, dry)).toEqual(new Set([other]));
  expect(world.placer.findShut(tasks.toReversed(), dry)).toEqual(new Set([other]));
});

test("a task that rests is not tried, so that an end of its rest meanwhile takes no place past the limit", async () => {
  const world = createWorld();
  const task = world.addTask("crashes");
  world.supervisor.run();
  await world.untilStarted(task);
  world.crash(task);
  await settle();
  expect(world.steps.require(task).status).toBe("ready");
  expect(world.dispatcher.plan().order).toEqual([]);
  const pending = world.clock.pending();
  world.dispatcher.wake();
  await settle();
  expect(world.clock.pending(), "one timer is enough").toBe(pending);
  await world.clock.advance(8_000);
  await world.untilStarted(task);
});
