import { expect, test } from "vitest";
import { silentLog } from "../base/log.ts";
import { listRefs } from "../git/repository.ts";
import { putFiles } from "../git/test-repository.ts";
import { Checkpoints } from "./checkpoints.ts";
import { createWorktreeWorld, type WorktreeWorld } from "./worktree-fixture.ts";

function checkpointsOf({ store, clock }: WorktreeWorld, minutes = 3): Checkpoints {
  return new Checkpoints({ store, clock, log: silentLog, minutesOf: () => minutes });
}

const kept = (world: WorktreeWorld) => listRefs(world.place.repo, "refs/switchyard/checkpoint/");

test("a live worker's changes are kept every few minutes, and at once when its session ends", async () => {
  await using world = await createWorktreeWorld();
  const task = await world.task("running");
  const session = world.session(task.id);
  await using checkpoints = checkpointsOf(world);
  checkpoints.run();
  await checkpoints.settled();
  putFiles(task.worktree, { "a.txt": "1\n" });
  await world.clock.advance(2 * 60_000);
  await checkpoints.settled();
  expect(await kept(world)).toEqual([]);
  await world.clock.advance(60_000);
  await checkpoints.settled();
  expect(await kept(world)).toEqual([
    `refs/switchyard/checkpoint/${world.store.identity}/${task.id}/1`,
  ]);

  putFiles(task.worktree, { "a.txt": "22\n" });
  world.end(session);
  await checkpoints.settled();
  expect(
    await world.place.show(
      `refs/switchyard/checkpoint/${world.store.identity}/${task.id}/2`,
      "a.txt",
    ),
  ).toBe("22\n");
});

test("what was left by a session that died with the core is kept at the next start", async () => {
  await using world = await createWorktreeWorld();
  const [ready, landed] = [await world.task("ready"), await world.task("landed")];
  for (const task of [ready, landed]) putFiles(task.worktree, { "a.txt": "left\n" });
  await using checkpoints = checkpointsOf(world);
  checkpoints.run();
  await checkpoints.settled();
  expect(await kept(world)).toEqual([
    `refs/switchyard/checkpoint/${world.store.identity}/${ready.id}/1`,
  ]);
});

test("an end waits for its checkpoint, but not for long", async () => {
  await using world = await createWorktreeWorld();
  const task = await world.task("running");
  const session = world.session(task.id);
  putFiles(task.worktree, { "a.txt": "1\n" });
  await using checkpoints = checkpointsOf(world);
  await checkpoints.beforeEnd(session);
  expect(await kept(world)).toHaveLength(1);

  putFiles(task.worktree, { "a.txt": "22\n" });
  const waited = checkpoints.beforeEnd(session);
  await world.clock.advance(1_500);
  await waited;
  await checkpoints.settled();
  expect(await kept(world)).toHaveLength(2);
});

test("what is left out, and a checkpoint that cannot be made, is told once", async () => {
  await using world = await createWorktreeWorld();
  const task = await world.task("running");
  await using checkpoints = checkpointsOf(world);
  putFiles(task.worktree, { "big.bin": "x".repeat(60 * 1024 * 1024), "small.txt": "1\n" });
  await checkpoints.keep(task);
  putFiles(task.worktree, { "small.txt": "22\n" });
  await checkpoints.keep(task);
  putFiles(task.worktree, { ".git": "gitdir: /nowhere\n" });
  await checkpoints.keep(task);
  await checkpoints.keep(task);
  const told = world.store.events.since(0, { subject: task.id }).map((event) => event.kind);
  expect(told).toEqual(["task.checkpoint-partial", "task.checkpoint-failed"]);
});
