import { expect, test } from "vitest";
import { nextMark, planMarks } from "./plan-marks.ts";

function marksOf(screen: readonly string[], prompts: readonly string[]): readonly number[] {
  const read = (row: number) => ({ text: screen[row] ?? "", isWrapped: false });
  return planMarks({ length: screen.length, read }, prompts);
}

test("a prompt is marked where it was sent, and not where somebody speaks of it", () => {
  const screen = [
    "> Make pie",
    "● I will make pie.",
    "❯ And now curd, with zest of a lemon",
    "  Make pie",
    "> ",
  ];
  expect(marksOf(screen, ["Make pie", "And now curd, with zest of a lemon\nand sugar"])).toEqual([
    0, 2,
  ]);
});

test("the same prompt sent twice has two marks, and one that is not on the screen has none", () => {
  const screen = ["> go on", "a", "> go on", "b", "> what I have not sent yet"];
  expect(marksOf(screen, ["begin", "go on", "go on"])).toEqual([0, 2]);
  expect(marksOf(screen, ["go on"])).toEqual([2]);
  expect(marksOf(screen, [])).toEqual([]);
});

test("from what one sees the nearest mark above and below is gone to", () => {
  const marks = [3, 40, 90];
  expect(nextMark(marks, 60, -1)).toBe(40);
  expect(nextMark(marks, 40, -1)).toBe(3);
  expect(nextMark(marks, 3, -1)).toBeNull();
  expect(nextMark(marks, 40, 1)).toBe(90);
  expect(nextMark(marks, 90, 1)).toBeNull();
});
