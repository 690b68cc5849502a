import { expect, test } from "vitest";
import { silentLog } from "../base/log.ts";
import { createWorld } from "./supervisor-world.ts";
import { WakeKeeper } from "./wake-keeper.ts";

function createKeeper() {
  const world = createWorld();
  const done: string[] = [];
  const keeper = new WakeKeeper({
    store: world.store,
    clock: world.clock,
    log: silentLog,
    recheckProfiles: async () => void done.push("profiles"),
    wakeDispatcher: () => void done.push("dispatcher"),
  });
  const told = () =>
    world.store.events
      .newest(20)
      .filter(({ subject }) => subject === "core")
      .map(({ kind, data }) => ({ kind, ...data }));
  return { world, keeper, done, told };
}

test("after sleep the profiles are asked first, then work goes out; it is told once", async () => {
  const { world, keeper, done, told } = createKeeper();
  await using _ = keeper;
  keeper.run();
  await world.clock.advance(60_000);
  expect(told()).toEqual([]);
  world.clock.sleep(8 * 3_600_000);
  await world.clock.advance(60_000);
  expect(done).toEqual(["profiles", "dispatcher"]);
  expect(told()).toEqual([{ kind: "core.woke", sleptMs: 8 * 3_600_000 }]);
});

test("a clock that is set is told, and nothing is taken for sleep", async () => {
  const { world, keeper, done, told } = createKeeper();
  await using _ = keeper;
  keeper.run();
  for (const byMs of [2 * 3_600_000, -2 * 3_600_000]) {
    world.clock.jump(byMs);
    await world.clock.advance(60_000);
  }
  expect(done).toEqual([]);
  expect(told()).toEqual([
    { kind: "core.clock-set", byMs: 2 * 3_600_000 },
    { kind: "core.clock-set", byMs: -2 * 3_600_000 },
  ]);
});

test("a back-off lasts as long when the clock is set meanwhile", async () => {
  const { world } = createKeeper();
  const task = world.addTask("crashes");
  world.supervisor.run();
  await world.untilStarted(task);
  world.crash(task);
  expect(world.dispatcher.claim(task)).toBeNull();
  world.clock.jump(2 * 3_600_000);
  expect(world.dispatcher.claim(task)).toBeNull();
  world.clock.jump(-4 * 3_600_000);
  await world.clock.advance(1_999);
  expect(world.dispatcher.claim(task)).toBeNull();
  await world.clock.advance(1);
  await world.until(() => world.steps.require(task).status === "running");
});
