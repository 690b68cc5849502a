import { expect, test } from "vitest";
import { judgeGrowth } from "./judge-growth.ts";

const bound = { share: 0.1, absolute: 5 };
const rising = (perSample: number) => Array.from({ length: 40 }, (_, n) => 100 + n * perSample);
const isFlat = (samples: readonly number[]) => judgeGrowth(samples, bound).isFlat;

test("what grows with every sample is not flat, what only begins with a rise is", () => {
  expect(isFlat(rising(0))).toBe(true);
  expect(isFlat(rising(0.5))).toBe(true);
  expect(isFlat(rising(2))).toBe(false);
  expect(isFlat([...rising(10).slice(0, 8), ...Array.from({ length: 32 }, () => 180)])).toBe(true);
});

test("what a collection gives back between two samples decides nothing, what none gives back does", () => {
  const upAndDown = Array.from({ length: 40 }, (_, n) => (n < 20 ? 100 : 100 + (n % 4) * 100));
  expect(isFlat(upAndDown)).toBe(true);
  expect(isFlat(upAndDown.map((sample, n) => (n < 20 ? sample : sample + 20)))).toBe(false);
});

test("less than four samples are no answer", () => {
  expect(() => isFlat([1, 2, 3])).toThrow("3 samples are too few");
});
