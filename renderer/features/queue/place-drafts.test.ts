import { expect, test } from "vitest";
import type { Draft } from "./comment-drafts.ts";
import { nextFileSpot, nextSpot, type Spot, spotOf } from "./diff-spots.ts";
import { parseDiff } from "./parse-diff.ts";
import { placeDrafts } from "./place-drafts.ts";

const diff = (lines: readonly string[]) => [
  "diff --git a/a.ts b/a.ts",
  "--- a/a.ts",
  "+++ b/a.ts",
  ...lines,
  "diff --git a/b.bin b/b.bin",
  "Binary files a/b.bin and b/b.bin differ",
  "diff --git a/c.ts b/c.ts",
  "--- a/c.ts",
  "+++ b/c.ts",
  "@@ -1 +1 @@",
  "-old",
  "+new",
  "\\ No newline at end of file",
  "",
];
const files = parseDiff(
  diff(["@@ -1,2 +1,2 @@", " one", "+two", "@@ -9,1 +9,2 @@", " nine", "+ten"]).join("\n"),
);
const about = (line: number, quote: string, own: Partial<Draft> = {}): Draft => ({
  ...{ id: `${line}`, file: "a.ts", line, side: "after", quote, text: "Why?" },
  isOutdated: false,
  ...own,
});
const all = () => true;

test("comments move with their lines, and are outdated once those are gone", () => {
  const later = parseDiff(
    diff(["@@ -1,2 +1,4 @@", " one", "+first", "+two", "+two", "@@ -9 +12 @@", "-nine"]).join("\n"),
  );
  const placed = placeDrafts(later, [
    about(2, "two"),
    about(10, "ten"),
    about(1, "old", { file: "c.ts", side: "before" }),
    about(1, "gone", { file: "gone.ts" }),
  ]);
  expect(placed.map(({ file, line, isOutdated }) => [file, line, isOutdated])).toEqual([
    ["a.ts", 3, false],
    ["a.ts", 10, true],
    ["c.ts", 1, false],
    ["gone.ts", 1, true],
  ]);
  expect(placeDrafts(files, placed)[1]).toMatchObject({ line: 10, isOutdated: false });
});

test("keys go from line to line over hunks and files, past what is folded or no line, and stop at the ends", () => {
  const walk = (isShown: (file: number) => boolean, by: 1 | -1, from: Spot | null) => {
    const texts: string[] = [];
    for (let spot = nextSpot(files, isShown, from, by); spot !== null; ) {
      texts.push(files[spot.file]?.hunks[spot.hunk]?.lines[spot.index]?.text ?? "?");
      const next = nextSpot(files, isShown, spot, by);
      if (JSON.stringify(next) === JSON.stringify(spot)) break;
      spot = next;
    }
    return texts;
  };
  expect(walk(all, 1, null)).toEqual(["one", "two", "nine", "ten", "old", "new"]);
  expect(walk((file) => file !== 0, 1, null)).toEqual(["old", "new"]);
  expect(walk(all, -1, { file: 2, hunk: 0, index: 1 })).toEqual([
    "old",
    "ten",
    "nine",
    "two",
    "one",
  ]);
  expect(walk(() => false, 1, null)).toEqual([]);
  const inFirst = { file: 0, hunk: 1, index: 0 };
  expect(nextFileSpot(files, all, inFirst, 1)).toEqual({ file: 2, hunk: 0, index: 0 });
  expect(nextFileSpot(files, all, inFirst, -1)).toEqual(inFirst);
});

test("a comment is found in the diff by file, line and side", () => {
  expect(spotOf(files, { file: "c.ts", line: 1, side: "before" })).toMatchObject({ index: 0 });
  expect(spotOf(files, { file: "c.ts", line: 1, side: "after" })).toMatchObject({ index: 1 });
  expect(spotOf(files, { file: "c.ts", line: 2, side: "after" })).toBeNull();
  expect(spotOf(files, { file: "d.ts", line: 1, side: "after" })).toBeNull();
});
