import { join } from "node:path";
import { expect, test } from "vitest";
import { runSetUp } from "../process/run-set-up.ts";
import { whileLive } from "./while-live.ts";
import { createWorktreeWorld } from "./worktree-fixture.ts";

test("a set-up ends with the session it is for, and none begins for one that is over", async () => {
  await using world = await createWorktreeWorld();
  const task = await world.task("running");
  const session = world.session(task.id);
  const setUp = (signal: AbortSignal) =>
    runSetUp("sleep 600", {
      cwd: task.worktree,
      env: { PATH: process.env.PATH ?? "" },
      logFile: join(world.folder.sessionDir(session.id), "setup.log"),
      signal,
    });
  using life = whileLive(world.store, session.id);
  const running = setUp(life.signal);
  expect(life.signal.aborted).toBe(false);
  world.end(session);
  await expect(running).rejects.toThrow(`${session.id} is over`);
  using after = whileLive(world.store, session.id);
  await expect(setUp(after.signal)).rejects.toThrow(`${session.id} is over`);
});

test("who is done with a session's life hears of its end no more", async () => {
  await using world = await createWorktreeWorld();
  const session = world.session((await world.task("running")).id);
  const life = whileLive(world.store, session.id);
  life[Symbol.dispose]();
  world.end(session);
  expect(life.signal.aborted).toBe(false);
});
