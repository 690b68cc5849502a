import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeFileDurably } from "./write-file-durably.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "durably-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("replaces the content, sets the mode and leaves nothing beside", () => {
  const file = join(root, "file");
  writeFileDurably(file, "one");
  writeFileDurably(file, Buffer.from("two"), { mode: 0o644 });
  expect(readFileSync(file, "utf8")).toBe("two");
  expect(lstatSync(file).mode & 0o777).toBe(0o644 & ~process.umask());
  expect(readdirSync(root)).toEqual(["file"]);
});

test("a file that cannot be replaced stays as it was, and nothing is left beside it", () => {
  mkdirSync(join(root, "folder"));
  expect(() => writeFileDurably(join(root, "folder"), "x")).toThrow();
  expect(readdirSync(root)).toEqual(["folder"]);
});
