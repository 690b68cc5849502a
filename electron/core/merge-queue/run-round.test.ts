import { expect, test } from "vitest";
import { fakeClock } from "../base/fake-clock.ts";
import { sampleProject } from "../store/sample-rows.ts";
import { check } from "./queue-fixture.ts";
import type { RunTimer } from "./run-round.ts";
import { RunRound } from "./run-round.ts";

const project = sampleProject({ checks: [check("lint"), check("test")] });

/** What the slowest timed run took and shared, in seconds. `run` lets a command end that took so many seconds until now. */
async function times(
  atOnce: number,
  play: (
    timers: readonly RunTimer[],
    run: (timer: RunTimer | undefined, command: string, seconds: number) => Promise<void>,
    wait: (seconds: number) => Promise<void>,
  ) => Promise<void>,
) {
  const clock = fakeClock();
  using round = new RunRound(project, atOnce, clock, () => undefined);
  const timers = Array.from({ length: atOnce }, () => round.timer());
  await play(
    timers,
    async (timer, command, seconds) => {
      const ended = { exitCode: 0, reason: null, tail: "", durationMs: seconds * 1_000 };
      await timer?.timing(async () => ended)(command, {
        ...{ cwd: "", timeoutMs: 1, logFile: "" },
        signal: new AbortController().signal,
      });
    },
    (seconds) => clock.advance(seconds * 1_000),
  );
  const slowest = round.slowest();
  return slowest && [slowest.tookMs / 1_000, slowest.sharedMs / 1_000];
}

test("the project's own checks count, those of a task, the set-up and waits for a slot do not", async () => {
  const told = await times(1, async ([timer], run, wait) => {
    await wait(10);
    await run(timer, "npm ci", 10);
    await wait(3);
    await run(timer, "lint", 2);
    await wait(60);
    await run(timer, "test", 20);
    await run(timer, "of a task", 5);
    if (timer) timer.isCounting = true;
  });
  expect(told).toEqual([22, 0]);
});

test("what two runs share is the time in which commands of both ran, whatever those were", async () => {
  const told = await times(2, async ([one, two], run, wait) => {
    await wait(10);
    await run(one, "lint", 10);
    await run(two, "npm ci", 4);
    await wait(20);
    await run(one, "test", 20);
    await run(two, "lint", 15);
    await wait(10);
    await run(two, "test", 10);
    for (const timer of [one, two]) if (timer) timer.isCounting = true;
  });
  expect(told).toEqual([30, 4 + 15]);
});

test("a run that did not pass, or not all checks of the project, is not timed, and slows the other down all the same", async () => {
  const told = await times(2, async ([one, two], run, wait) => {
    await wait(10);
    await run(one, "lint", 5);
    await run(one, "test", 5);
    await run(two, "lint", 10);
    if (one) one.isCounting = true;
  });
  expect(told).toEqual([10, 10]);
  const partly = await times(1, async ([timer], run) => {
    await run(timer, "lint", 5);
    if (timer) timer.isCounting = true;
  });
  expect(partly).toBeNull();
});
