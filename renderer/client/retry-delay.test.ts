import { expect, test } from "vitest";
import { retryDelayMs } from "./retry-delay.ts";

test("waits longer after each failure, but never long", () => {
  expect([1, 2, 3].map(retryDelayMs)).toEqual([300, 600, 1_200]);
  expect(retryDelayMs(100)).toBe(5_000);
});
