import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { silentLog } from "../base/log.ts";
import { listRefs } from "../git/repository.ts";
import { runGit } from "../git/run-git.ts";
import { putFiles } from "../git/test-repository.ts";
import { Removals } from "./removals.ts";
import { createWorktreeWorld, type WorktreeWorld } from "./worktree-fixture.ts";
import { WorktreeKeeper } from "./worktree-keeper.ts";

const HOUR_MS = 3_600_000;

function keeperOf({ store, clock, folder }: WorktreeWorld, keepHours: number | "off" = 24) {
  const removals = new Removals({ store, root: folder.worktrees });
  return new WorktreeKeeper({
    store,
    clock,
    log: silentLog,
    removals,
    keepHoursOf: () => keepHours,
  });
}

test("the worktree of landed work goes after its hours, and all that was kept of it after thirty days", async () => {
  await using world = await createWorktreeWorld();
  const task = await world.task("landed");
  putFiles(task.worktree, { "a.txt": "changed\n" });
  await using keeper = keeperOf(world);
  keeper.run();
  await keeper.settled();
  expect(existsSync(task.worktree)).toBe(true);
  world.clock.jump(24 * HOUR_MS);
  await world.clock.advance(600_000);
  await keeper.settled();
  expect(existsSync(task.worktree)).toBe(false);
  expect(await listRefs(world.place.repo, "refs/switchyard/rescue/")).toHaveLength(1);
  world.clock.jump(30 * 24 * HOUR_MS);
  await world.clock.advance(600_000);
  await keeper.settled();
  expect(await listRefs(world.place.repo, "refs/switchyard/")).toEqual([]);
});

test("with 0 hours it goes as soon as the work has landed and its session is over", async () => {
  await using world = await createWorktreeWorld();
  const task = await world.task("queued");
  const session = world.session(task.id);
  await using keeper = keeperOf(world, 0);
  keeper.run();
  world.store.write("test", (record) => {
    world.store.tasks.update(task.id, { status: "landed" });
    record("task.status", task.id, { from: "queued", to: "landed" });
  });
  await keeper.settled();
  expect(existsSync(task.worktree)).toBe(true);
  world.end(session);
  await keeper.settled();
  expect(existsSync(task.worktree)).toBe(false);
});

test("one that git cannot keep stays, and is told once", async () => {
  await using world = await createWorktreeWorld();
  const task = await world.task("landed");
  await runGit(task.worktree, ["init", "-q", "inner"]);
  await using keeper = keeperOf(world, 0);
  keeper.run();
  await keeper.settled();
  await world.clock.advance(600_000);
  await keeper.settled();
  expect(existsSync(join(task.worktree, "inner"))).toBe(true);
  const told = world.store.events.since(0, { subject: task.id });
  expect(told).toMatchObject([
    { kind: "worktree.kept", data: { reason: expect.stringContaining("inner/") } },
  ]);
});
