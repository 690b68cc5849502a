import { expect, test } from "vitest";
import { OneTimeCodes } from "./one-time-codes.ts";

test("a code is good once", () => {
  const codes = new OneTimeCodes();
  const code = codes.issue();
  expect([codes.redeem(code), codes.redeem(code)]).toEqual([true, false]);
});

test("a code is good for a minute", () => {
  let now = 0;
  const codes = new OneTimeCodes(() => now);
  const [early, late] = [codes.issue(), codes.issue()];
  now = 59_999;
  expect(codes.redeem(early)).toBe(true);
  now = 60_000;
  expect(codes.redeem(late)).toBe(false);
});

test("what was never issued is not good", () => {
  expect(new OneTimeCodes().redeem("")).toBe(false);
});
