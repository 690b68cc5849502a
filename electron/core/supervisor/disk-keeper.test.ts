import { expect, test } from "vitest";
import { silentLog } from "../base/log.ts";
import { DiskKeeper } from "./disk-keeper.ts";
import { createWorld } from "./supervisor-world.ts";

const GB = 1024 ** 3;

test("below the floor nothing is handed out and the reason is told; with room it goes on by itself", async () => {
  const disk = { freeBytes: GB };
  const world = createWorld({ shut: () => keeper.reason });
  await using keeper = new DiskKeeper({
    store: world.store,
    clock: world.clock,
    log: silentLog,
    places: () => ["/data", "/gone"],
    readRoom: async (place) => {
      if (place === "/gone") throw new Error("ENOENT");
      const { freeBytes } = disk;
      return { place, freeBytes, totalBytes: 100 * GB, freeInodes: 0, totalInodes: 0 };
    },
    onRoom: () => world.dispatcher.wake(),
  });
  keeper.run();
  await keeper.settled();
  const task = world.addTask("waits for room");
  world.supervisor.run();
  await world.clock.advance(60_000);
  expect(world.steps.require(task).status).toBe("ready");
  expect(keeper.reason).toContain("The disk of /data has 1.0 GB left");

  disk.freeBytes = 50 * GB;
  await world.clock.advance(15_000);
  await keeper.settled();
  await world.untilStarted(task);
  const told = world.store.events.since(0, { subject: "disk" }).map((event) => event.kind);
  expect(told).toEqual(["disk.low", "disk.roomy"]);
});

test("the disk of a real folder is looked at", async () => {
  const world = createWorld();
  await using keeper = new DiskKeeper({
    store: world.store,
    clock: world.clock,
    log: silentLog,
    places: () => [process.cwd()],
    onRoom: () => undefined,
  });
  keeper.run();
  await keeper.settled();
  expect(keeper.reason === null || keeper.reason.includes(process.cwd())).toBe(true);
});
