import { expect, test } from "vitest";
import { describeChange, writeChange } from "../../../shared/model/change-summary.ts";
import { mergeBase } from "../git/repository.ts";
import { createTestRepository } from "../git/test-repository.ts";
import { sumChange, summariseChange } from "./summarise-change.ts";

const file = (path: string, added: number | null = 1, removed: number | null = 0) => ({
  ...{ path, added, removed },
});

test.each([
  ["src/a.ts", "source"],
  ["src/a.test.ts", "test"],
  ["e2e/b.ts", "test"],
  ["docs/a.ts", "docs"],
  ["README.md", "docs"],
  ["package.json", "settings"],
  [".github/workflows/ci.yml", "settings"],
  ["package-lock.json", "lock"],
  ["pnpm-lock.yaml", "lock"],
  ["sub/Cargo.lock", "lock"],
])("%s is of %s", (path, kind) => {
  expect(sumChange([], [file(path)]).files).toEqual([{ kind, count: 1 }]);
});

test("a change is told by its commits, its files by kind, its lines and its tests", () => {
  const files = [
    file("a.ts", 10, 2),
    file("logo.png", null, null),
    file("a.test.ts", 5),
    file("README.md"),
  ];
  const change = sumChange(["Sort by date", "Fix the test"], files);
  expect(describeChange(change)).toBe(
    "2 commits, 4 files (2 source, 1 test, 1 docs), 16 lines added, 2 removed",
  );
  expect(writeChange(change)).toBe(
    "- Sort by date\n- Fix the test\n\n2 commits, 4 files (2 source, 1 test, 1 docs), 16 lines added, 2 removed.\nTests touched: a.test.ts",
  );
  expect(describeChange(sumChange([], []))).toBe("0 commits, 0 files, 0 lines added, 0 removed");
});

test("of very many commits the first are named and the others counted", () => {
  const change = sumChange(
    Array.from({ length: 60 }, (_, at) => `work ${at + 1}`),
    [],
  );
  expect(writeChange(change)).toContain("- work 50\n- and 10 more\n\n60 commits");
});

test("renames, odd names and binary files are counted as git sees them", async () => {
  await using place = await createTestRepository({
    "old name.ts": "1\n2\n3\n4\n5\n6\n7\n8\n",
    "a.txt": "a\n",
  });
  const moved = { "old name.ts": null, "src/new\tname.ts": "1\n2\n3\n4\n5\n6\n7\n8\n9\n" };
  await place.commitOn("work", moved, "Move it");
  const head = await place.commitOn("work", { "tests/é.ts": "x\n", "a.bin": "\0\0" }, "Test it");
  const base = (await mergeBase(place.repo, await place.oid("main"), head)) ?? "";
  const change = await summariseChange(place.repo, { base, head, from: base, to: head });
  expect(change).toEqual({
    commits: ["Move it", "Test it"],
    commitCount: 2,
    files: [
      { kind: "source", count: 2 },
      { kind: "test", count: 1 },
    ],
    added: 2,
    removed: 0,
    tests: ["tests/é.ts"],
  });
});
