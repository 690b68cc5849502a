import fc from "fast-check";
import { expect, test } from "vitest";
import { cutAround, jsonPatternOf, patternOf } from "./plan-hits.ts";

test("what is told of a hit holds it where it says, on one line", () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1 }), fc.string(), (before, text, after) => {
      const cut = cutAround(`${before}${text}${after}`, patternOf(text));
      expect(cut).not.toBeNull();
      const found = cut?.text.slice(cut.from, cut.from + cut.length) ?? "";
      expect(found.trimEnd().toLowerCase()).toBe(
        text
          .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ")
          .trimEnd()
          .toLowerCase(),
      );
      expect(cut?.text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }),
  );
});

test("text is found in JSON wherever it stands in a string of it", () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1 }), (before, text) => {
      expect(JSON.stringify({ said: `${before}${text}` })).toMatch(jsonPatternOf(text));
    }),
  );
});

test("a long line is cut around what was found", () => {
  const cut = cutAround(`${"a".repeat(500)}needle${"b".repeat(500)}`, patternOf("NEEDLE"));
  expect(cut?.text.slice(cut.from, cut.from + cut.length)).toBe("needle");
  expect(cut?.text.length).toBeLessThan(190);
});
