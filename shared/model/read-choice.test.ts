import { expect, test } from "vitest";
import { isNumberOfNone, readChoice, writeQuestion } from "./read-choice.ts";

const question = (isMultiple: boolean, ...labels: string[]) => ({
  question: "Which colour?",
  header: null,
  isMultiple,
  options: labels.map((label) => ({ label, description: null })),
});

function check(asked: ReturnType<typeof question>, text: string, answer: readonly string[]) {
  expect(readChoice(asked, text)).toEqual(answer);
}

test("numbers stand for options, and several of them where several are taken", () => {
  check(question(false, "Red", "Blue"), "2", ["Blue"]);
  check(question(true, "Red", "Blue", "Green"), "1, 3", ["Red", "Green"]);
});

test("a label is itself, even one that looks like a number", () => {
  check(question(false, "3", "2", "1"), "1", ["1"]);
  check(question(true, "Red, or so", "Blue"), "Red, or so", ["Red, or so"]);
});

test("whatever else is written is the answer as it stands", () => {
  check(question(false, "Red", "Blue"), "0", ["0"]);
  check(question(false, "Red", "Blue"), "7", ["7"]);
  check(question(false, "Red", "Blue"), "1.5", ["1.5"]);
  check(question(true, "Red", "Blue"), "1, mauve", ["1, mauve"]);
  check(question(false), "Mauve", ["Mauve"]);
});

test("options stand under the numbers that choose them", () => {
  const asked = question(false, "Red", "Blue");
  expect(writeQuestion(asked)).toBe("Which colour?\n  1  Red\n  2  Blue");
});

test("numbers that stand for no option are told apart from words", () => {
  expect(isNumberOfNone(question(true, "Red", "Blue"), "1,9")).toBe(true);
  expect(isNumberOfNone(question(false, "Red", "Blue"), "1,2")).toBe(true);
  expect(isNumberOfNone(question(false, "Red", "Blue"), "0")).toBe(true);
  for (const text of ["2", "1.5", "mauve", "9 of them", ""])
    expect(isNumberOfNone(question(false, "Red", "Blue"), text)).toBe(false);
  expect(isNumberOfNone(question(true, "Red", "Blue"), "2, 1")).toBe(false);
  expect(isNumberOfNone(question(false, "2025", "2026"), "2025")).toBe(false);
  expect(isNumberOfNone(question(false), "8080")).toBe(false);
});
