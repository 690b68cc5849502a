import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makePrivateFolder } from "./make-private-folder.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "private-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const modeOf = (folder: string) => statSync(folder).mode & 0o777;

test("a folder is made for this user alone, and one that is there stays as it is", () => {
  const folder = join(root, "a", "b");
  makePrivateFolder(folder);
  expect([modeOf(join(root, "a")), modeOf(folder)]).toEqual([0o700, 0o700]);
  const loose = join(root, "loose");
  mkdirSync(loose, { mode: 0o755 });
  makePrivateFolder(loose);
  expect(modeOf(loose)).toBe(0o755);
});

test("what is in its way is told", () => {
  writeFileSync(join(root, "file"), "");
  expect(() => makePrivateFolder(join(root, "file", "below"))).toThrow(
    /^The folder .*file\/below cannot be made: ENOTDIR/,
  );
});
