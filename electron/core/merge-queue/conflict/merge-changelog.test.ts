import fc from "fast-check";
import { expect, test } from "vitest";
import { isChangelog, mergeChangelog } from "./merge-changelog.ts";

const BASE = "# Changes\n\n## 1.0\n\n- First.\n";

test("what both sides added at the same place is kept, ours first", () => {
  const ours = BASE.replace("## 1.0\n\n", "## 1.0\n\n- Ours.\n");
  const theirs = BASE.replace("## 1.0\n\n", "## 1.0\n\n- Theirs.\n");
  const both = BASE.replace("## 1.0\n\n", "## 1.0\n\n- Ours.\n- Theirs.\n");
  expect(mergeChangelog(BASE, ours, theirs)).toBe(both);
});

test("what both added alike is there once", () => {
  const side = BASE.replace("- First.", "- Same.\n- First.");
  expect(mergeChangelog(BASE, side, side)).toBe(side);
});

test("a last line without an end does not run into the next", () => {
  expect(mergeChangelog("- a", "- a\n- b", "- a\n- c\n")).toBe("- a\n- b\n- c\n");
});

test("a side that changed or removed a line is left to somebody who reads", () => {
  const changed = BASE.replace("First", "Second");
  expect(mergeChangelog(BASE, changed, `${BASE}- More.\n`)).toBeNull();
  expect(mergeChangelog(BASE, `${BASE}- More.\n`, "# Changes\n")).toBeNull();
});

test("every line of both sides is there, as often as it was, whatever they added", () => {
  const text = fc.array(fc.constantFrom("a", "b", "\u00fc"), { maxLength: 6 });
  fc.assert(
    fc.property(text, text, text, fc.nat(6), fc.nat(6), (base, own, foreign, x, y) => {
      const write = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
      const ours = base.toSpliced(x, 0, ...own);
      const theirs = base.toSpliced(y, 0, ...foreign);
      const merged = mergeChangelog(write(base), write(ours), write(theirs));
      if (merged === null) throw new Error("both only added");
      for (const letter of ["a", "b", "\u00fc"]) {
        const count = (lines: readonly string[]) => lines.filter((line) => line === letter).length;
        const least = Math.max(count(ours), count(theirs));
        expect(count(merged.split("\n"))).toBeGreaterThanOrEqual(least);
      }
    }),
  );
});

test.each([
  ["CHANGELOG.md", true],
  ["docs/it's new/Changes.txt", true],
  ["HISTORY", true],
  ["RELEASE-NOTES.rst", true],
  ["src/changelog.ts", false],
  ["changelog/entry.md", false],
])("%s is a changelog: %s", (path, is) => expect(isChangelog(path)).toBe(is));
