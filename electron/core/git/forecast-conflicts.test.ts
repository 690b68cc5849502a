import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { forecast, quarantined } from "./forecast-fixture.ts";
import { ForecastMemory } from "./forecast-memory.ts";
import { createTestRepository, type Files } from "./test-repository.ts";

const LINES = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
const BRANCHES = ["one", "two"] as const;

/** `start` is on main, where each branch begins; `later` comes to main after that. */
async function check(given: {
  start: Files;
  one: Files;
  two?: Files;
  later?: Files;
  clashes: Readonly<Record<string, readonly string[]>>;
}) {
  await using place = await createTestRepository(given.start);
  await place.commitOn("one", given.one);
  if (given.two) await place.commitOn("two", given.two);
  if (given.later) await place.commitOn("main", given.later);
  const branches = BRANCHES.slice(0, given.two ? 2 : 1);
  const told = await forecast(place, branches);
  expect(told.clashes).toEqual(given.clashes);
  expect(quarantined(place)).toEqual([]);
}

test("two branches that change the same line will conflict in that file", async () => {
  await check({
    start: { "a.txt": LINES, "b.txt": LINES },
    one: { "a.txt": LINES.replace("5", "five") },
    two: { "a.txt": LINES.replace("5", "cinq"), "b.txt": "b\n" },
    clashes: { "one two": ["a.txt"] },
  });
});

test("a branch whose lines the target has changed since will conflict with the target, and with a younger branch", async () => {
  await using place = await createTestRepository({ "a.txt": LINES });
  await place.commitOn("old", { "a.txt": LINES.replace("5", "five") });
  await place.commitOn("main", { "a.txt": LINES.replace("5", "cinq") });
  await place.commitOn("young", { "b.txt": "b\n" });
  const { clashes } = await forecast(place, ["old", "young"]);
  expect(clashes).toEqual({ "old main": ["a.txt"], "old young": ["a.txt"] });
});

test("branches that touch the same file at lines far apart merge", async () => {
  await check({
    start: { "a.txt": LINES },
    one: { "a.txt": LINES.replace("1", "one") },
    two: { "a.txt": LINES.replace("9", "nine") },
    clashes: {},
  });
});

test("a file renamed here and changed there merges; renamed to two names it does not", async () => {
  await check({
    start: { "a.txt": LINES, "b.txt": `b${LINES}b` },
    one: { "a.txt": null, "moved.txt": LINES },
    two: { "a.txt": LINES.replace("9", "nine") },
    clashes: {},
  });
  await check({
    start: { "a.txt": LINES },
    one: { "a.txt": null, "here.txt": LINES },
    two: { "a.txt": null, "there.txt": LINES },
    clashes: { "one two": ["a.txt", "here.txt", "there.txt"] },
  });
});

test("a folder renamed here and a file added to it there is no common path, and a conflict all the same", async () => {
  await check({
    start: { "old/a.txt": `a${LINES}`, "old/b.txt": `b${LINES}`, "z.txt": "z\n" },
    one: {
      "old/a.txt": null,
      "old/b.txt": null,
      "new/a.txt": `a${LINES}`,
      "new/b.txt": `b${LINES}`,
    },
    two: { "old/c.txt": "c\n" },
    clashes: { "one two": ["new/c.txt"] },
  });
});

test("a file here that is a folder there is no common path, and a conflict all the same", async () => {
  await using place = await createTestRepository({ "a.txt": LINES });
  await place.commitOn("one", { thing: "file\n" });
  await place.commitOn("two", { "thing/in.txt": "folder\n" });
  const { clashes } = await forecast(place, BRANCHES);
  expect(Object.keys(clashes)).toEqual(["one two"]);
});

test("names that differ in case or accents alone are told, among branches and with the target", async () => {
  await check({
    start: { "a.txt": LINES },
    one: { "Readme.md": "one\n" },
    two: { "README.md": "two\n" },
    clashes: { "one two": ["Readme.md", "README.md"] },
  });
  await check({
    start: { "a.txt": LINES },
    one: { "cafe\u0301.txt": "one\n" },
    later: { "caf\u00e9.txt": "main\n" },
    clashes: { "one main": ["cafe\u0301.txt", "caf\u00e9.txt"] },
  });
});

test("paths with quotes, line breaks and other scripts are told as they are", async () => {
  const file = 'dir "x"/\n-ü 文.txt';
  await check({
    start: { [file]: "start\n" },
    one: { [file]: "one\n" },
    two: { [file]: "two\n" },
    clashes: { "one two": [file] },
  });
});

test("a repository whose own path has quotes, colons and other scripts is forecast like any other", async () => {
  await using place = await createTestRepository({ "a.txt": "a\n" }, 're"po: ü');
  await place.commitOn("one", { "a.txt": "one\n" });
  await place.commitOn("two", { "a.txt": "two\n" });
  expect((await forecast(place, BRANCHES)).clashes).toEqual({ "one two": ["a.txt"] });
});

test("submodules that both branches move elsewhere will conflict", async () => {
  await using place = await createTestRepository({ "a.txt": LINES });
  const commitLink = async (branch: string, commit: string) => {
    await place.git("checkout", "-q", "-B", branch, "main");
    await place.git("update-index", "--add", "--cacheinfo", `160000,${commit},lib`);
    await place.git("commit", "-qm", `lib at ${commit.slice(0, 4)}`);
    await place.git("checkout", "-q", "main");
  };
  await place.git("update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},lib`);
  await place.git("commit", "-qm", "lib");
  await commitLink("one", "2".repeat(40));
  await commitLink("two", "3".repeat(40));
  expect((await forecast(place, BRANCHES)).clashes).toEqual({ "one two": ["lib"] });
});

test("a branch without a commit of its own, or that holds another, conflicts with none", async () => {
  await using place = await createTestRepository({ "a.txt": LINES });
  await place.commitOn("one", { "a.txt": "one\n" });
  await place.git("branch", "two", "one");
  await place.commitOn("two", { "a.txt": "two\n" });
  await place.git("branch", "empty", "main");
  expect((await forecast(place, ["one", "two", "empty"])).clashes).toEqual({});
});

test("a branch that takes back what it shares with another is merged for real", async () => {
  await using place = await createTestRepository({ "a.txt": LINES });
  await place.commitOn("one", { "a.txt": "shared\n" });
  await place.git("branch", "two", "one");
  await place.commitOn("one", { "a.txt": LINES });
  await place.commitOn("two", { "a.txt": "two\n" });
  expect((await forecast(place, BRANCHES)).clashes).toEqual({ "one two": ["a.txt"] });
});

test("a branch that merged the target in is compared from there on", async () => {
  await using place = await createTestRepository({ "a.txt": LINES, "b.txt": LINES });
  await place.commitOn("one", { "b.txt": LINES.replace("1", "one") });
  await place.commitOn("main", { "a.txt": LINES.replace("5", "cinq") });
  await place.git("reset", "-q", "--hard");
  await place.git("checkout", "-q", "one");
  await place.git("merge", "-q", "--no-edit", "main");
  await place.git("checkout", "-q", "main");
  await place.commitOn("two", { "a.txt": LINES.replace("5", "two") });
  expect((await forecast(place, BRANCHES)).clashes).toEqual({});
});

test("the target's merge attributes count, wherever the person's checkout stands", async () => {
  await using place = await createTestRepository({
    "log.txt": "start\n",
    "sub/.gitattributes": "x -text\n",
  });
  await place.commitOn("one", { "log.txt": "start\none\n" });
  await place.commitOn("two", { "log.txt": "start\ntwo\n" });
  const memory = new ForecastMemory();
  expect((await forecast(place, BRANCHES, { memory })).clashes).toEqual({ "one two": ["log.txt"] });
  await place.commitOn("main", { ".gitattributes": "log.txt merge=union\n" });
  expect(existsSync(join(place.repo.root, ".gitattributes"))).toBe(false);
  expect((await forecast(place, BRANCHES, { memory })).clashes).toEqual({});
});

test("only pairs that touch a common path are merged, and each only once", async () => {
  await using place = await createTestRepository({ "a.txt": LINES, "b.txt": LINES });
  const branches = ["one", "two", "three", "four"];
  await place.commitOn("one", { "a.txt": "one\n" });
  await place.commitOn("two", { "a.txt": "two\n" });
  await place.commitOn("three", { "b.txt": "three\n" });
  await place.commitOn("four", { "new/four.txt": "four\n" });
  const memory = new ForecastMemory();
  expect((await forecast(place, branches, { memory })).merges).toBe(1);
  expect((await forecast(place, branches, { memory })).merges).toBe(0);
  await place.commitOn("main", { "c.txt": "later\n" });
  expect((await forecast(place, branches, { memory })).merges).toBe(0);
  await place.commitOn("three", { "a.txt": "three\n" });
  expect(await forecast(place, branches, { memory })).toEqual({
    clashes: { "one two": ["a.txt"], "one three": ["a.txt"], "two three": ["a.txt"] },
    merges: 2,
  });
});
