import { expect, test } from "vitest";
import { findMiscount } from "./counting-worker.ts";

test("a count that was cut anywhere is in order", () => {
  const whole = "line 1.\r\nline 2.\r\nline 3.\r\n";
  for (let end = 0; end <= whole.length; end += 1)
    expect(findMiscount(whole.slice(0, end))).toBe(null);
});

test("a lost, doubled or changed line is found", () => {
  expect(findMiscount("line 1.\r\nline 3.\r\n")).toContain("line 2");
  expect(findMiscount("line 1.\r\nline 1.\r\nline 2.\r\n")).toContain("line 2");
  expect(findMiscount("line 1.\r\nlin 2")).toContain("ends with");
});
