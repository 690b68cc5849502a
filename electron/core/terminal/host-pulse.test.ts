import { expect, test } from "vitest";
import { fakeClock } from "../base/fake-clock.ts";
import { watchPulse } from "./host-pulse.ts";

const START = Date.parse("2026-11-21T09:00:00.000Z");

function listen() {
  const clock = fakeClock(new Date(START).toISOString());
  const ending = new AbortController();
  const heard: string[] = [];
  const asked: number[] = [];
  let isHanging = false;
  let wake = Promise.withResolvers<void>();
  const over = watchPulse(
    async () => {
      asked.push(clock.monotonicMs());
      if (isHanging) await wake.promise;
    },
    clock,
    {
      onSilent: (since) => heard.push(`silent since ${(since.getTime() - START) / 1000}`),
      onAnswering: () => heard.push("answers"),
    },
    ending.signal,
  );
  return {
    clock,
    heard,
    asked,
    hang() {
      isHanging = true;
      wake = Promise.withResolvers();
    },
    async goOn() {
      isHanging = false;
      wake.resolve();
      await clock.advance(0);
    },
    async end() {
      ending.abort(new Error("the test is over"));
      await over;
      expect(clock.pending()).toBe(0);
    },
  };
}

test("a host that answers is asked every five seconds, and nothing is said", async () => {
  const host = listen();
  await host.clock.advance(21_000);
  expect(host.asked).toEqual([0, 5_000, 10_000, 15_000, 20_000]);
  expect(host.heard).toEqual([]);
  await host.end();
});

test("ten seconds without an answer are told with their beginning, once, and so is the first answer after that", async () => {
  const host = listen();
  await host.clock.advance(4_000);
  host.hang();
  await host.clock.advance(10_999);
  expect(host.heard).toEqual([]);
  await host.clock.advance(1);
  expect(host.heard).toEqual(["silent since 5"]);
  await host.clock.advance(60_000);
  expect(host.heard).toEqual(["silent since 5"]);
  expect(host.asked).toEqual([0, 5_000]);
  await host.goOn();
  expect(host.heard).toEqual(["silent since 5", "answers"]);
  await host.clock.advance(5_000);
  host.hang();
  await host.clock.advance(20_000);
  expect(host.heard).toHaveLength(3);
  await host.end();
});

test("one late answer is a busy machine", async () => {
  const host = listen();
  await host.clock.advance(1_000);
  host.hang();
  await host.clock.advance(13_000);
  expect(host.asked).toEqual([0, 5_000]);
  await host.goOn();
  await host.clock.advance(30_000);
  expect(host.heard).toEqual([]);
  await host.end();
});

test("a refusal is an answer too, and a watch that has ended asks no more", async () => {
  const clock = fakeClock();
  const ending = new AbortController();
  let asked = 0;
  const refuse = async () => {
    asked += 1;
    throw new Error("no");
  };
  const fail = () => {
    throw new Error("it was not silent");
  };
  const over = watchPulse(refuse, clock, { onSilent: fail, onAnswering: fail }, ending.signal);
  await clock.advance(11_000);
  ending.abort(new Error("the test is over"));
  await over;
  await clock.advance(60_000);
  expect(asked).toBe(3);
});
