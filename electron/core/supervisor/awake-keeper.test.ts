import { expect, test } from "vitest";
import { silentLog } from "../base/log.ts";
import { AwakeKeeper, type Hold } from "./awake-keeper.ts";
import { createWorld, prompt, turnEnded } from "./supervisor-world.ts";

const edge = { ...prompt, signal: "hook:UserPromptSubmit" };

function watch(isOn = true) {
  const world = createWorld();
  const holds: { isHeld: boolean; lose(why: string): void }[] = [];
  const keeper = new AwakeKeeper({
    store: world.store,
    clock: world.clock,
    log: silentLog,
    isOn: () => isOn,
    hold(): Hold {
      const lost = Promise.withResolvers<string>();
      const hold = { isHeld: true, lose: lost.resolve };
      holds.push(hold);
      return {
        lost: lost.promise,
        async [Symbol.asyncDispose]() {
          hold.isHeld = false;
        },
      };
    },
  });
  keeper.run();
  return { world, keeper, holds, held: () => holds.filter(({ isHeld }) => isHeld).length };
}

/** A worker that works, and then needs an answer. */
async function work({ world }: ReturnType<typeof watch>) {
  const task = world.addTask("works");
  world.supervisor.run();
  await world.untilStarted(task);
  world.tell(task, edge);
  const rest = () => {
    world.steps.apply(task, { kind: "person-needed", reason: "blocked: why?" }, "test");
    world.tell(task, turnEnded);
  };
  return { task, rest };
}

test("the machine is held awake from the first session that works until a minute after the last", async () => {
  const watching = watch();
  const { world, held, holds } = watching;
  expect(held()).toBe(0);
  const { task, rest } = await work(watching);
  expect(held()).toBe(1);
  rest();
  await world.clock.advance(30_000);
  world.tell(task, edge);
  await world.clock.advance(120_000);
  expect([held(), holds.length]).toEqual([1, 1]);
  rest();
  await world.clock.advance(60_000);
  expect(held()).toBe(0);
});

test("switched off it holds nothing", async () => {
  const watching = watch(false);
  await work(watching);
  expect(watching.holds).toHaveLength(0);
});

test("a hold that is lost is not taken again at every turn, but later", async () => {
  const watching = watch();
  const { world, holds } = watching;
  const { task } = await work(watching);
  holds[0]?.lose("no bus to speak to");
  await world.clock.advance(1);
  world.tell(task, { kind: "tool-ended", tool: "Bash" });
  expect(holds).toHaveLength(1);
  await world.clock.advance(10 * 60_000);
  world.tell(task, { kind: "tool-ended", tool: "Bash" });
  expect(holds).toHaveLength(2);
});

test("the end of the core lets the machine sleep", async () => {
  const watching = watch();
  await work(watching);
  await watching.keeper[Symbol.asyncDispose]();
  expect(watching.held()).toBe(0);
});
