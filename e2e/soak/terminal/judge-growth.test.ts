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

test("one sample that was taken before a collection decides nothing", () => {
  expect(isFlat(rising(0).with(-1, 150))).toBe(true);
});

test("less than four samples are no answer", () => {
  expect(() => isFlat([1, 2, 3])).toThrow("3 samples are too few");
});
