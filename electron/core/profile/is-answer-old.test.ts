import { expect, test } from "vitest";
import { isAnswerOld } from "./is-answer-old.ts";

const now = new Date("2026-11-21T09:00:00.000Z");
const checked = (minutesAgo: number) => ({
  checkedAt: new Date(now.getTime() - minutesAgo * 60_000).toISOString(),
});

test("an answer holds for ten minutes", () => {
  expect(isAnswerOld(checked(10), now)).toBe(false);
  expect(isAnswerOld(checked(11), now)).toBe(true);
  expect(isAnswerOld({ checkedAt: null }, now)).toBe(true);
});

test("an answer that a clock dated ahead which was set back since does not hold until then", () => {
  expect(isAnswerOld(checked(-1), now)).toBe(false);
  expect(isAnswerOld(checked(-24 * 60), now)).toBe(true);
});
