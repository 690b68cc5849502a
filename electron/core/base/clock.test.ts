import { expect, test } from "vitest";
import { systemClock } from "./clock.ts";
import { fakeClock } from "./fake-clock.ts";

test("a wait ends with the signal's own reason", async () => {
  for (const clock of [systemClock, fakeClock()]) {
    const leaving = new AbortController();
    const waiting = clock.wait(60_000, leaving.signal);
    const reason = new Error("leaving");
    leaving.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(clock.wait(1, leaving.signal)).rejects.toBe(reason);
  }
});

test("a wait of the system's clock takes at least its time", async () => {
  const before = systemClock.monotonicMs();
  await systemClock.wait(15, AbortSignal.timeout(5000));
  expect(systemClock.monotonicMs() - before).toBeGreaterThanOrEqual(14);
});

test("the fake clock runs what falls due in order and lets it ask for more", async () => {
  const clock = fakeClock();
  const seen: string[] = [];
  const never = new AbortController().signal;
  const ticks = clock.every(40, () => seen.push(`tick ${clock.monotonicMs()}`));
  void clock
    .wait(50, never)
    .then(() => seen.push("first"))
    .then(() => clock.wait(10, never))
    .then(() => seen.push("second"));
  await clock.advance(100);
  ticks[Symbol.dispose]();
  await clock.advance(100);
  expect(seen).toEqual(["tick 40", "first", "second", "tick 80"]);
});

test("a jump of the wall clock moves no deadline", async () => {
  const clock = fakeClock("2026-01-01T00:00:00.000Z");
  clock.jump(-3_600_000);
  expect(clock.now().toISOString()).toBe("2025-12-31T23:00:00.000Z");
  expect(clock.monotonicMs()).toBe(0);
});
