import { existsSync, readdirSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, expect, test } from "vitest";
import { forecast, quarantined } from "./forecast-fixture.ts";
import { openRepository } from "./repository.ts";
import { runGit } from "./run-git.ts";
import { createTestRepository, type TestRepository } from "./test-repository.ts";

const LINES = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
const BRANCHES = ["one", "two"] as const;

const realPath = process.env.PATH;
afterEach(() => {
  process.env.PATH = realPath;
});

/** Puts a git before the real one that does `sh` when it is asked to merge. */
async function shimMerges(place: TestRepository, sh: string): Promise<void> {
  const bin = join(place.folder, "bin");
  await mkdir(bin);
  const file = join(bin, "git");
  const real = `PATH='${realPath}' exec git "$@"`;
  await writeFile(file, `#!/bin/sh\ncase "$*" in *merge-tree*) ${sh} ;; esac\n${real}\n`);
  await chmod(file, 0o755);
  process.env.PATH = `${bin}${delimiter}${realPath}`;
}

async function twoThatMeet() {
  const place = await createTestRepository({ "a.txt": LINES });
  await place.commitOn("one", { "a.txt": "one\n" });
  await place.commitOn("two", { "a.txt": "two\n" });
  return place;
}

test("a commit that is not there is told of, and the others are forecast", async () => {
  await using place = await createTestRepository({ "a.txt": LINES });
  for (const branch of ["one", "two", "three"]) await place.commitOn(branch, { "a.txt": branch });
  const gone = "d".repeat(40);
  const { clashes } = await forecast(place, ["one", gone, "two", "three"]);
  expect(clashes).toEqual({
    [`${gone} main`]: ["?"],
    "one two": ["a.txt"],
    "one three": ["a.txt"],
    "two three": ["a.txt"],
  });
});

test("a branch whose files are damaged costs its own pairs alone", async () => {
  await using place = await createTestRepository({ "a.txt": LINES });
  for (const branch of ["one", "two", "three", "four"])
    await place.commitOn(branch, { "a.txt": LINES.replace("5", branch) });
  const blob = await place.oid("two:a.txt");
  const file = join(place.repo.commonDir, "objects", blob.slice(0, 2), blob.slice(2));
  await chmod(file, 0o600);
  await writeFile(file, "no object");
  const { clashes } = await forecast(place, ["one", "two", "three", "four"]);
  expect(clashes).toMatchObject({
    "one two": ["?"],
    "two three": ["?"],
    "two four": ["?"],
    "one three": ["a.txt"],
    "one four": ["a.txt"],
    "three four": ["a.txt"],
  });
});

test("what a partial clone left at its remote is not fetched: that is not known", async () => {
  await using place = await createTestRepository({ "a.txt": LINES, "b.txt": LINES });
  await place.commitOn("one", { "a.txt": "one\n" });
  await place.commitOn("two", { "a.txt": "two\n" });
  await place.commitOn("three", { "b.txt": "three\n" });
  await place.git("config", "uploadpack.allowFilter", "true");
  await place.git("config", "uploadpack.allowAnySHA1InWant", "true");
  const path = join(place.folder, "partial");
  const from = pathToFileURL(place.repo.root).href;
  await place.git("clone", "-q", "--filter=blob:none", "--no-checkout", from, path);
  const partial = { ...place, repo: await openRepository(path) };
  const see = async () => (await runGit(path, ["count-objects", "-v"])).stdout;
  const before = await see();
  expect((await forecast(partial, ["one", "two", "three"])).clashes).toEqual({ "one two": ["?"] });
  expect(await see()).toBe(before);
});

test("the repository gains no object, no ref and no file", async () => {
  await using place = await createTestRepository({ "a.txt": LINES, "b/b.txt": LINES });
  for (const branch of ["one", "two", "three"])
    await place.commitOn(branch, { "a.txt": branch, "b/b.txt": LINES.replace("1", branch) });
  const see = async () => [
    readdirSync(place.repo.root, { recursive: true }).toSorted(),
    await place.git("for-each-ref"),
    await place.git("count-objects", "-v"),
    await place.git("status", "--porcelain"),
  ];
  const before = await see();
  expect((await forecast(place, ["one", "two", "three"])).merges).toBe(3);
  expect(await see()).toEqual(before);
  expect(quarantined(place)).toEqual([]);
});

test("cancelled in the middle of a merge it leaves no folder", async () => {
  await using place = await twoThatMeet();
  const begun = join(place.folder, "begun");
  await shimMerges(place, `mkfifo '${begun}'; echo begun > '${begun}'; exec sleep 60`);
  const leaving = new AbortController();
  const cancelled = expect(forecast(place, BRANCHES, { signal: leaving.signal })).rejects.toThrow(
    "enough",
  );
  await expect.poll(() => existsSync(begun), { timeout: 20_000 }).toBe(true);
  expect(quarantined(place)).toHaveLength(1);
  leaving.abort(new Error("enough"));
  await cancelled;
  expect(quarantined(place)).toEqual([]);
});

test("a git that merges one pair a process gives the same answers", async () => {
  await using place = await twoThatMeet();
  await place.commitOn("three", { "a.txt": LINES.replace("9", "nine") });
  await place.commitOn("main", { "a.txt": LINES.replace("1", "eins") });
  await shimMerges(place, 'case "$*" in *--stdin*) exit 129 ;; esac');
  expect((await forecast(place, [...BRANCHES, "three"])).clashes).toEqual({
    "one main": ["a.txt"],
    "two main": ["a.txt"],
    "one two": ["a.txt"],
    "one three": ["a.txt"],
    "two three": ["a.txt"],
  });
});

test("a git that cannot merge without a checkout says so", async () => {
  await using place = await twoThatMeet();
  await shimMerges(place, "exit 129");
  expect((await forecast(place, BRANCHES)).clashes).toEqual({ limited: [] });
});
