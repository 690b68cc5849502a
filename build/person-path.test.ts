import path from "node:path";
import { expect, test } from "vitest";
import { withoutNpmFolders } from "./person-path.mjs";

const searched = [
  "/code/app/node_modules/.bin",
  "/code/node_modules/.bin",
  "/lib/npm/node-gyp-bin",
  "/usr/bin",
].join(path.delimiter);

test("what npm put in front of the PATH does not reach workers", () => {
  expect(withoutNpmFolders(searched, true)).toBe("/usr/bin");
});

test("a PATH that the person made is theirs", () => {
  expect(withoutNpmFolders(searched, false)).toBe(searched);
});
