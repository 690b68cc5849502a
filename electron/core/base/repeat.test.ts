import { expect, test } from "vitest";
import { fakeClock } from "./fake-clock.ts";
import { Repeat } from "./repeat.ts";

test("a round begins at once and at each turn, but not while one is under way", async () => {
  const clock = fakeClock();
  const rounds: PromiseWithResolvers<void>[] = [];
  const work = () => {
    const round = Promise.withResolvers<void>();
    rounds.push(round);
    return round.promise;
  };
  await using repeat = new Repeat({
    clock,
    everyMs: 1_000,
    work,
    onError: (error) => expect.unreachable(String(error)),
  });
  repeat.run();
  expect(rounds).toHaveLength(1);
  await clock.advance(1_000);
  expect(rounds).toHaveLength(1);
  rounds[0]?.resolve();
  await repeat.settled();
  await clock.advance(1_000);
  expect(rounds).toHaveLength(2);
  rounds[1]?.resolve();
});

test("a round that fails is told and the next comes; once disposed none does", async () => {
  const clock = fakeClock();
  const failures: unknown[] = [];
  let rounds = 0;
  const work = () => {
    rounds++;
    throw new Error(`round ${rounds}`);
  };
  const onError = (error: unknown) => failures.push(error);
  const repeat = new Repeat({ clock, everyMs: 1_000, work, onError });
  repeat.run();
  await repeat.settled();
  await clock.advance(1_000);
  expect(failures).toEqual([new Error("round 1"), new Error("round 2")]);
  await repeat[Symbol.asyncDispose]();
  await clock.advance(5_000);
  expect(rounds).toBe(2);
});
