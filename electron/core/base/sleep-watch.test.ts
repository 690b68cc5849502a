import { expect, test } from "vitest";
import { fakeClock } from "./fake-clock.ts";
import { SleepWatch } from "./sleep-watch.ts";

test("a sleep is told whenever it was, a long time awake and a clock that was set are none", async () => {
  const clock = fakeClock();
  using watch = new SleepWatch(clock);
  await clock.advance(3_600_000);
  clock.jump(7_200_000);
  expect(watch.hasSlept()).toBe(false);
  clock.sleep(600_000);
  expect(watch.hasSlept()).toBe(true);
  await clock.advance(60_000);
  expect(watch.hasSlept()).toBe(true);
});

test("after its end it keeps no time", () => {
  const clock = fakeClock();
  new SleepWatch(clock)[Symbol.dispose]();
  expect(clock.pending()).toBe(0);
});
