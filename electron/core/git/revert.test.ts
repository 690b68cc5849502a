import { expect, test } from "vitest";
import type { Oid } from "../../../shared/model/ids.ts";
import { buildRevert, findLandedRange, findLaterCommits, type RevertOutcome } from "./revert.ts";
import { createTestRepository, type Files, type TestRepository } from "./test-repository.ts";

const LINES = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
const ODD = `it's "odd" – ü/${"\u00e9"} $(touch pwn) \t.txt`;
const KEY = "Switchyard-Entry";
const fallback = { name: "Switchyard", email: "switchyard@localhost" };

async function land(place: TestRepository, files: Files, entry = "q-1"): Promise<Oid> {
  const commit = await place.commitOn("main", files, `Land ${entry}\n\n${KEY}: ${entry}`);
  await place.git("reset", "-q", "--hard");
  return commit;
}
async function rangeOf(place: TestRepository, landed: Oid, value = "q-1") {
  const range = await findLandedRange(place.repo, landed, { key: KEY, value });
  if (!range) throw new Error("nothing came before it");
  return range;
}
async function revert(place: TestRepository, landed: Oid): Promise<RevertOutcome> {
  const target = await place.oid("main");
  const range = await rangeOf(place, landed);
  return buildRevert({ repo: place.repo, target, range, message: "Revert: it\n", fallback });
}
async function commitOf(outcome: Promise<RevertOutcome>): Promise<Oid> {
  const made = await outcome;
  if (made.kind !== "built") throw new Error(`expected a commit, got ${made.kind}`);
  return made.commit;
}

test("a revert takes back what landed and keeps what came since", async () => {
  await using place = await createTestRepository({
    "a.txt": LINES,
    [ODD]: "odd\n",
    "b.txt": "b\n",
  });
  const landed = await land(place, {
    "a.txt": LINES.replace("1", "one"),
    [ODD]: null,
    "new.txt": "new\n",
  });
  const target = await land(
    place,
    { "a.txt": LINES.replace("1", "one").replace("9", "nine") },
    "q-2",
  );
  const commit = await commitOf(revert(place, landed));
  expect(await place.show(commit, "a.txt")).toBe(LINES.replace("9", "nine"));
  expect(await place.show(commit, ODD)).toBe("odd\n");
  expect(await place.git("ls-tree", "--name-only", commit, "new.txt")).toBe("");
  expect(await place.oid(`${commit}^`)).toBe(target);
  expect(await place.oid("main")).toBe(target);
  expect(await place.git("status", "--porcelain")).toBe("");
});

test("a landing of several commits is taken back as a whole, and only that one", async () => {
  await using place = await createTestRepository();
  await land(place, { "zero.txt": "0\n" }, "q-0");
  const before = await place.oid("main");
  await land(place, { "one.txt": "1\n" });
  await land(place, { "two.txt": "2\n" });
  const landed = await land(place, { "three.txt": "3\n" });
  expect(await rangeOf(place, landed)).toEqual({ before, landed });
  const commit = await commitOf(revert(place, landed));
  const names = await place.git("ls-tree", "--name-only", commit);
  expect(names.trim().split("\n")).toEqual(["a.txt", "zero.txt"]);
});

test("a landed merge is taken back along its first parent", async () => {
  await using place = await createTestRepository();
  await place.commitOn("work", { "work.txt": "1\n" });
  await place.commitOn("work", { "work.txt": "2\n" });
  const before = await place.oid("main");
  await place.git("merge", "-q", "--no-ff", "-m", `Land\n\n${KEY}: q-1`, "work");
  const landed = await place.oid("main");
  expect(await rangeOf(place, landed)).toEqual({ before, landed });
  expect(await place.git("ls-tree", "--name-only", await commitOf(revert(place, landed)))).toBe(
    "a.txt\n",
  );
});

test("lines that were changed again since are named as a conflict", async () => {
  await using place = await createTestRepository({ [ODD]: LINES });
  const landed = await land(place, { [ODD]: LINES.replace("5", "five") });
  await land(place, { [ODD]: LINES.replace("5", "FIVE") }, "q-2");
  expect(await revert(place, landed)).toEqual({ kind: "conflict", files: [ODD] });
});

test("what was taken back already leaves nothing to take back", async () => {
  await using place = await createTestRepository();
  const landed = await land(place, { "a.txt": "other\n" });
  await land(place, { "a.txt": "one\ntwo\nthree\n" }, "q-2");
  expect(await revert(place, landed)).toEqual({ kind: "nothing" });
});

test("the very first commit of a repository has nothing before it", async () => {
  await using place = await createTestRepository();
  const first = await place.oid("main");
  expect(await findLandedRange(place.repo, first, { key: KEY, value: "q-1" })).toBeNull();
});

test("what came since and touches the same files is listed, newest first, merges by what they brought", async () => {
  await using place = await createTestRepository({ [ODD]: LINES, "b.txt": "b\n" });
  const landed = await land(place, { [ODD]: LINES.replace("1", "one"), "new.txt": "new\n" });
  await land(place, { "b.txt": "other\n" }, "q-2");
  await place.commitOn("work", { [ODD]: LINES.replace("1", "one").replace("9", "nine") });
  await place.git("merge", "-q", "--no-ff", "-m", `Land q-3\n\n${KEY}: q-3`, "work");
  const own = await place.commitOn("main", { "new.txt": "mine\n" }, "by hand");
  const target = await place.oid("main");
  const later = await findLaterCommits(place.repo, await rangeOf(place, landed), target, KEY);
  expect(later).toEqual([
    { oid: own, subject: "by hand", trailer: null, files: ["new.txt"] },
    { oid: await place.oid("main^"), subject: "Land q-3", trailer: "q-3", files: [ODD] },
  ]);
});

test("nothing came since where the landing is the tip", async () => {
  await using place = await createTestRepository();
  const landed = await land(place, { "a.txt": "other\n" });
  const range = await rangeOf(place, landed);
  expect(await findLaterCommits(place.repo, range, landed, KEY)).toEqual([]);
});
