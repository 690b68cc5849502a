import { expect, test } from "vitest";
import { parseDiff } from "./parse-diff.ts";

const CHANGED = `diff --git a/src/a.ts b/src/a.ts
index 1..2 100644
--- a/src/a.ts
+++ b/src/a.ts
@@ -3,3 +3,4 @@ function a() {
 kept
-old
+new
+newer
\\ No newline at end of file
`;

test("numbers the lines of both sides", () => {
  const [file] = parseDiff(CHANGED);
  expect(file).toMatchObject({ path: "src/a.ts", change: "changed", added: 2, dropped: 1 });
  expect(file?.hunks[0]?.lines).toEqual([
    { kind: "context", text: "kept", before: 3, after: 3 },
    { kind: "dropped", text: "old", before: 4, after: null },
    { kind: "added", text: "new", before: null, after: 4 },
    { kind: "added", text: "newer", before: null, after: 5 },
    { kind: "note", text: "No newline at end of file", before: null, after: null },
  ]);
});

test("tells new, deleted, moved and binary files apart", () => {
  const files = parseDiff(`diff --git a/n b/n
new file mode 100644
--- /dev/null
+++ b/n
@@ -0,0 +1 @@
+hello
diff --git a/d b/d
deleted file mode 100644
--- a/d
+++ /dev/null
@@ -1 +0,0 @@
-bye
diff --git a/old name b/new name
similarity index 100%
rename from old name
rename to new name
diff --git a/p.png b/p.png
index 1..2 100644
Binary files a/p.png and b/p.png differ
`);
  expect(files.map(({ path, change }) => [path, change])).toEqual([
    ["n", "added"],
    ["d", "dropped"],
    ["new name", "moved"],
    ["p.png", "changed"],
  ]);
  expect(files[2]?.movedFrom).toBe("old name");
  expect(files[3]?.isBinary).toBe(true);
});

test("reads a line of a file that looks like a header as the line that it is", () => {
  const [file, ...more] = parseDiff(`diff --git a/x b/x
--- a/x
+++ b/x
@@ -1,2 +1,2 @@
--- a dashed line
++++ b plus
 diff --git a/y b/y
`);
  expect(more).toEqual([]);
  expect(file?.hunks[0]?.lines.map((line) => line.text)).toEqual([
    "-- a dashed line",
    "+++ b plus",
    "diff --git a/y b/y",
  ]);
});

test("spells names that git put in quotes", () => {
  const [file] = parseDiff(`diff --git "a/gr\\303\\274n.txt" "b/gr\\303\\274n.txt"
--- "a/gr\\303\\274n.txt"
+++ "b/gr\\303\\274n.txt"
@@ -1 +1 @@
-a
+b
`);
  expect(file?.path).toBe("grün.txt");
});

test("finds nothing in an empty patch and what there is in one that was cut", () => {
  expect(parseDiff("")).toEqual([]);
  expect(parseDiff(CHANGED.slice(0, -60))).toHaveLength(1);
});
