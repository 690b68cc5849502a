import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { describeFullDisk, isOutOfInodes } from "./describe-full-disk.ts";

test("a disk with room for files is called full, and one that cannot be asked too", () => {
  expect(isOutOfInodes(tmpdir())).toBe(false);
  expect(describeFullDisk(tmpdir())).toBe(`The disk of ${tmpdir()} is full`);
  expect(describeFullDisk("/no/such/folder")).toBe("The disk of /no/such/folder is full");
});
