import { expect, test } from "vitest";
import { tellingLines } from "./telling-lines.ts";

const RULE = "─".repeat(40);
const BOX = [`${RULE} t-3 Fix it ─`, "❯ ", RULE, "", "  ⏵⏵ accept edits on (shift+tab to cycle)"];

test("the box to write in and blank lines go, and the last of what was said stays", () => {
  const said = ["● Write(a.js)", "  ⎿  Wrote 2 lines", "", "✽ Whisking… (31s)", ""];
  expect(tellingLines([...said, ...BOX], 2)).toEqual(["  ⎿  Wrote 2 lines", "✽ Whisking… (31s)"]);
});

test("several lines that a person has begun to write go with the box", () => {
  const box = [RULE, "❯ one", "  two", "  three", RULE, "  ? for shortcuts"];
  expect(tellingLines(["● Done", ...box], 6)).toEqual(["● Done"]);
});

test("a question that stands below a rule stays whole", () => {
  const asked = [RULE, " Bash command", "   npm install", " ❯ 1. Yes", "   2. No"];
  expect(tellingLines(["● Looking", ...asked], 6)).toEqual(["● Looking", ...asked]);
  const boxed = [RULE, " Which mark?", RULE, " ❯ 1. A dot"];
  expect(tellingLines(boxed, 6)).toEqual(boxed);
});

test("what another program shows stays as it is", () => {
  expect(tellingLines(["$ ls", "", "a  b"], 6)).toEqual(["$ ls", "a  b"]);
  expect(tellingLines([], 6)).toEqual([]);
});
