import { expect, test } from "vitest";
import { openBut, scheduleLongestFirst, soonestPossible } from "./plan-ideal.ts";

const always = openBut(0, []);

test("equal tasks take as many rounds as slots need", () => {
  expect(scheduleLongestFirst([10, 10, 10, 10, 10], [always, always])).toBe(30);
  expect(soonestPossible([10, 10, 10, 10, 10], [always, always])).toBe(25);
});

test("the longest task goes first", () => {
  expect(scheduleLongestFirst([1, 1, 1, 9], [always, always])).toBe(9);
  expect(soonestPossible([1, 1, 1, 9], [always, always])).toBe(9);
});

test("work on a slot that closes waits and goes on", () => {
  const resting = openBut(0, [{ fromMs: 5, untilMs: 20 }]);
  expect(scheduleLongestFirst([10], [resting])).toBe(25);
  expect(soonestPossible([10], [resting])).toBe(25);
  expect(scheduleLongestFirst([10, 10], [resting, always])).toBe(20);
  expect(soonestPossible([10, 10], [resting, always])).toBe(15);
});

test("a slot that closes for good takes only what it can end", () => {
  const refused = openBut(0, [{ fromMs: 5, untilMs: Number.POSITIVE_INFINITY }]);
  expect(scheduleLongestFirst([4, 10], [refused, always])).toBe(10);
  expect(scheduleLongestFirst([6, 10], [refused, always])).toBe(16);
  expect(scheduleLongestFirst([6], [refused])).toBe(Number.POSITIVE_INFINITY);
});
