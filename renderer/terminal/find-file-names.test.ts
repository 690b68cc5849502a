import { expect, test } from "vitest";
import { findFileNames } from "./find-file-names.ts";

function check(text: string, ...expected: readonly string[]): void {
  const names = findFileNames(text);
  expect(
    names.map(({ name, line, column }) =>
      [name, line, column].filter((part) => part !== null).join(" "),
    ),
  ).toEqual(expected);
  for (const { name, start, end } of names) expect(text.slice(start, end)).toContain(name);
}

test("names with a place are found as compilers, tests and tools write them", () => {
  check("src/app.ts:12:3 - error TS2304", "src/app.ts 12 3");
  check("  at run (/w/src/run.ts:7:21)", "/w/src/run.ts 7 21");
  check("src/a.ts(3,9): warning", "src/a.ts 3 9");
  check("see docs/guide.md#L40, and ./b.py:5.", "docs/guide.md 40", "./b.py 5");
  check('File "lib/my file.py", line 3', "lib/my file.py");
  check("● Update(src/limits/window.ts)", "src/limits/window.ts");
  check("--- a/src/x.ts", "a/src/x.ts");
  check(
    "~/notes.txt ../up/t.rs file:///w/a%20b.ts:4",
    "~/notes.txt",
    "../up/t.rs",
    "file:///w/a%20b.ts 4",
  );
  check("C:\\w\\a.ts:9", "C:\\w\\a.ts 9");
  check("größe/ä.ts:1", "größe/ä.ts 1");
});

test("words, numbers and web addresses are no names", () => {
  check("It took 1.25 s and failed. Then nothing (12:30), 3.4.5");
  check("open https://example.org/src/app.ts:12 now");
  check("a / b and/or", "and/or");
});

test("a line of a hundred names gives the first forty", () => {
  expect(findFileNames("a.ts ".repeat(100))).toHaveLength(40);
});
