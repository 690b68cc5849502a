import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolder } from "./make-folder.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-make-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("what is missing on the way is made, and what is there stays", () => {
  makeFolder(join(folder, "a/b/c"), 0o700);
  makeFolder(join(folder, "a/b/c"), 0o700);
  expect(statSync(join(folder, "a/b/c")).mode & 0o777).toBe(0o700);
});

test("a file in the way, or in the place itself, is an error", () => {
  writeFileSync(join(folder, "file"), "");
  expect(() => makeFolder(join(folder, "file"))).toThrow(/EEXIST/);
  expect(() => makeFolder(join(folder, "file/below"))).toThrow(/ENOTDIR/);
});

test.skipIf(!existsSync("/proc/self"))(
  "a place that takes no folder is an error, and not tried for ever",
  () => {
    expect(() => makeFolder("/proc/self/switchyard/deep")).toThrow(/ENOENT/);
  },
);
