import { expect, test } from "vitest";
import { type ConflictFile, countOpen, keepChoices, resolveText } from "./conflict-view.ts";

const file: ConflictFile = {
  path: "a.txt",
  parts: [
    { kind: "same", text: "first\n" },
    { kind: "lines", base: "b\n", target: "t\n", branch: "o\n" },
    { kind: "same", text: "middle\n" },
    { kind: "lines", base: "", target: "end", branch: "last" },
  ],
};

test("each place holds what was chosen there", () => {
  expect(resolveText(file, ["target", "branch"])).toBe("first\nt\nmiddle\nlast");
  expect(resolveText(file, ["both", "both"])).toBe("first\nt\no\nmiddle\nend\nlast");
  expect(resolveText(file, [{ text: "" }, { text: "x\n" }])).toBe("first\nmiddle\nx\n");
});

test("nothing is made while a place is left", () => {
  expect(resolveText(file, ["target"])).toBe(null);
  expect(countOpen(file, ["target", null])).toBe(1);
  expect(countOpen(file, [])).toBe(2);
});

test("choices of before stay where the places are as many as they were", () => {
  const draft = [{ path: "a.txt", choices: ["both" as const, null] }];
  expect(keepChoices([file], draft)).toEqual(draft);
  const fewer = { ...file, parts: file.parts.slice(0, 2) };
  expect(keepChoices([fewer], draft)).toEqual([{ path: "a.txt", choices: [null] }]);
});
