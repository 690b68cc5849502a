import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findFile } from "./find-file.ts";

let root: string;
let folder: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), "switchyard-files-")));
  folder = path.join(root, "worktree");
  mkdirSync(path.join(folder, "src"), { recursive: true });
  writeFileSync(path.join(folder, "src", "a b.ts"), "");
  writeFileSync(path.join(root, "secret.txt"), "");
  symlinkSync(path.join(root, "secret.txt"), path.join(folder, "link.txt"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function check(name: string, expected: string): Promise<void> {
  const found = await findFile(folder, name, root);
  const told = found ? `${found.isInside ? "in" : "out"} ${path.relative(root, found.place)}` : "-";
  expect(told).toBe(expected);
}

test("a file is found by the names that programs give it", async () => {
  const inside = "in worktree/src/a b.ts";
  await check("src/a b.ts", inside);
  await check(path.join(folder, "src/a b.ts"), inside);
  await check("b/src/a b.ts", inside);
  await check("./src/a b.ts.", inside);
  await check(`file://${folder}/src/a%20b.ts`, inside);
});

test("what lies outside is said to, by whatever way it is reached", async () => {
  await check("../secret.txt", "out secret.txt");
  await check("~/secret.txt", "out secret.txt");
  await check("link.txt", "out secret.txt");
  await check("src/../../secret.txt", "out secret.txt");
});

test("folders, missing files, other machines and names that are none are not found", async () => {
  for (const name of ["src", "src/c.ts", "file://other/etc/passwd", "a\0b", ".", "file://%"])
    await check(name, "-");
});
