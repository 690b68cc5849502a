import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ownPrograms, shellWord, writeOwnPrograms } from "./own-programs.ts";
import { runProcess } from "./run-process.ts";

let folder: string;
beforeEach(() => {
  // A space and a quote in the path: both are in some people's home folders.
  folder = mkdtempSync(path.join(tmpdir(), "it's a home "));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = async (file: string, ...args: readonly string[]) => {
  const env = { PATH: process.env.PATH ?? "" };
  const signal = new AbortController().signal;
  const ended = await runProcess(file, args, { cwd: folder, env, timeoutMs: 20_000, signal });
  return JSON.parse(ended.stdout);
};

test("programs in sessions reach the command line with its data folder, whatever the paths and words hold", async () => {
  const cli = path.join(folder, "cli.cjs");
  const told = "[process.argv.slice(2), process.env.SWITCHYARD_HOME, process.env.SOME_SWITCH]";
  writeFileSync(cli, `console.log(JSON.stringify(${told}))`);
  const programs = ownPrograms(path.join(folder, "run", "bin"));
  const node = { file: process.execPath, env: { SOME_SWITCH: "it's on" } };
  writeOwnPrograms(programs, folder, node, cli);
  // Each core writes them again.
  writeOwnPrograms(programs, folder, node, cli);
  const own = ["a b", "$HOME", "--x", ""];
  expect(await run(programs.switchyard, "status", ...own)).toEqual([
    ["status", ...own],
    folder,
    "it's on",
  ]);
  expect(await run(programs.lock, "make", ...own)).toEqual([
    ["lock", "--", "make", ...own],
    folder,
    "it's on",
  ]);
  expect(statSync(programs.lock).mode & 0o777).toBe(0o700);
});

test("a folder that is in the way is told, not passed over", () => {
  const programs = ownPrograms(path.join(folder, "bin"));
  mkdirSync(programs.switchyard, { recursive: true });
  const node = { file: process.execPath, env: {} };
  expect(() => writeOwnPrograms(programs, folder, node, "cli")).toThrow();
});

test("a word is quoted only where a shell needs it", () => {
  expect(["/a/b-c.d", "a b", "it's", "", "$x"].map(shellWord)).toEqual([
    "/a/b-c.d",
    "'a b'",
    "'it'\\''s'",
    "''",
    "'$x'",
  ]);
});
