import { expect, test } from "vitest";
import { haltFleet, resumeFleet } from "./fleet-halt.ts";
import { createWorld, prompt } from "./supervisor-world.ts";

test("checks end with their session, and the next one's work is judged by checks of its own", async () => {
  let begun = 0;
  const world = createWorld({
    checking: (signal) => {
      begun += 1;
      if (begun > 1) return Promise.resolve();
      return new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
      );
    },
  });
  const task = world.addTask("checked");
  world.supervisor.run();
  await world.untilStarted(task);
  world.tell(task, { ...prompt, signal: "hook:UserPromptSubmit" });
  const first = world.sessionOf(task).id;
  const told = world.finisher.finish(task, first, "done", "test");
  await expect.poll(() => begun).toBe(1);
  expect(world.finisher.isFinishing(task, first)).toBe(true);

  await haltFleet(world, null, "person");
  resumeFleet(world.store, "person");
  world.dispatcher.wake();
  await world.until(() => world.sessionOf(task).id !== first && world.sessionOf(task).pid !== null);
  const second = world.sessionOf(task).id;
  const toldNext = world.finisher.finish(task, second, "done", "test");
  expect(await told).toEqual({ kind: "not-held" });
  expect(await toldNext).toMatchObject({ kind: "queued" });
  expect(world.finisher.isFinishing(task, first)).toBe(false);
});
