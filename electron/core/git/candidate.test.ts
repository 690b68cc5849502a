import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { LandPolicy } from "../../../shared/model/project.ts";
import { buildCandidate } from "./candidate.ts";
import { gitDirOf } from "./checkout-blockers.ts";
import { commitMessages } from "./diff.ts";
import { findTwinPaths } from "./find-twin-paths.ts";
import { inspectPool, openPoolWorktree, poolPath, switchPool } from "./pool-worktree.ts";
import {
  createTestRepository,
  type Files,
  putFiles,
  type TestRepository,
} from "./test-repository.ts";

const LINES = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";

async function build(place: TestRepository, policy: LandPolicy = "merge", branch = "work") {
  const base = await place.oid("main");
  const path = poolPath(join(place.folder, "pools"), "app");
  const pool = await openPoolWorktree(place.repo, path, base);
  await switchPool(pool, base);
  return buildCandidate({
    repo: place.repo,
    poolWorktree: pool.path,
    base,
    head: await place.oid(branch),
    policy,
    message: "Do the thing\n\nIn two words.",
    trailers: ["Switchyard-Entry: q-1", "Switchyard-Task: t-1"],
    fallback: { name: "Switchyard", email: "switchyard@localhost" },
  });
}
async function commitOf(place: TestRepository, policy: LandPolicy) {
  const outcome = await build(place, policy);
  if (outcome.kind !== "built") throw new Error(`expected a candidate, got ${outcome.kind}`);
  return outcome.commit;
}
/** main and work have both moved on from a common start, at lines far apart. */
async function diverged(work: readonly Files[] = [{ "a.txt": LINES.replace("9", "nine") }]) {
  const place = await createTestRepository({ "a.txt": LINES });
  for (const [at, files] of work.entries()) await place.commitOn("work", files, `step ${at + 1}`);
  await place.git("reset", "-q", "--hard");
  await place.commitOn("main", { "a.txt": LINES.replace("1", "one") });
  await place.git("reset", "-q", "--hard");
  return place;
}
const BOTH = LINES.replace("9", "nine").replace("1", "one");

test("a merge keeps both parents, carries trailers, and moves no branch", async () => {
  await using place = await diverged();
  const main = await place.oid("main");
  const commit = await commitOf(place, "merge");
  expect(await place.show(commit, "a.txt")).toBe(BOTH);
  expect(await place.oid(`${commit}^1`)).toBe(main);
  expect(await place.oid(`${commit}^2`)).toBe(await place.oid("work"));
  expect(await place.oid("main")).toBe(main);
  const message = await place.git("log", "-1", "--format=%B", commit);
  expect(message.trim()).toBe(
    "Do the thing\n\nIn two words.\n\nSwitchyard-Entry: q-1\nSwitchyard-Task: t-1",
  );
  const trailers = await place.git("log", "-1", "--format=%(trailers:key=Switchyard-Task)", commit);
  expect(trailers.trim()).toBe("Switchyard-Task: t-1");
});

test("a squash is one commit with the branch's author", async () => {
  await using place = await diverged([{ "b.txt": "b\n" }, { "a.txt": LINES.replace("9", "nine") }]);
  const commit = await commitOf(place, "squash");
  expect(await place.git("rev-list", "--count", `main..${commit}`)).toBe("1\n");
  expect(await place.show(commit, "a.txt")).toBe(BOTH);
  expect(await place.git("log", "-1", "--format=%an", commit)).toBe("Ada\n");
});

test("a rebase replays each commit with its own message", async () => {
  await using place = await diverged([{ "b.txt": "b\n" }, { "a.txt": LINES.replace("9", "nine") }]);
  const commit = await commitOf(place, "rebase");
  const main = await place.oid("main");
  const messages = await commitMessages(place.repo, main, commit);
  expect(messages.map((each) => each.subject)).toEqual(["step 1", "step 2"]);
  expect(messages[0]?.body).toContain("Switchyard-Entry: q-1");
  expect(await place.show(commit, "a.txt")).toBe(BOTH);
});

test("a branch that holds a merge is rebased as one commit", async () => {
  await using place = await diverged();
  await place.git("checkout", "-q", "work");
  await place.git("merge", "-q", "--no-edit", "main");
  await place.git("checkout", "-q", "main");
  const commit = await commitOf(place, "rebase");
  expect(await place.git("rev-list", "--count", `main..${commit}`)).toBe("1\n");
  expect(await place.show(commit, "a.txt")).toBe(BOTH);
});

test("a conflict names its files, spelled as they are", async () => {
  const file = "-dir/ü x.txt";
  await using place = await createTestRepository({ [file]: "start\n", "a.txt": "a\n" });
  await place.commitOn("work", { [file]: "theirs\n" });
  await place.commitOn("main", { [file]: "ours\n" });
  await place.git("reset", "-q", "--hard");
  expect(await build(place)).toEqual({ kind: "conflict", files: [file] });
});

test("renamed here and deleted there is a conflict", async () => {
  await using place = await createTestRepository({ "a.txt": LINES });
  await place.commitOn("work", { "a.txt": null, "b.txt": LINES });
  await place.commitOn("main", { "a.txt": null });
  await place.git("reset", "-q", "--hard");
  expect(await build(place)).toMatchObject({ kind: "conflict", files: ["b.txt"] });
});

test("what the target has already is contained, by history or by content", async () => {
  await using place = await diverged();
  await place.commitOn("main", { "a.txt": BOTH });
  await place.git("reset", "-q", "--hard");
  expect(await build(place)).toEqual({ kind: "contained" });
  await place.git("branch", "behind", "main~1");
  expect(await build(place, "squash", "behind")).toEqual({ kind: "contained" });
});

test("merge attributes of the target decide, wherever the person's checkout stands", async () => {
  await using place = await createTestRepository({
    "log.md": "first\n",
    ".gitattributes": "log.md merge=union\n",
  });
  await place.commitOn("work", { "log.md": "first\ntheirs\n" });
  await place.commitOn("main", { "log.md": "first\nours\n" });
  await place.git("checkout", "-q", "--orphan", "empty");
  await place.git("rm", "-rfq", ".");
  expect(await build(place)).toMatchObject({ kind: "built" });
});

test("settings that sign commits or ask for a name do not stop a candidate", async () => {
  await using place = await diverged();
  const settings = "[commit] gpgSign = true\n[gpg] program = false\n[user] useConfigOnly = true\n";
  await place.git("config", "--unset", "user.name");
  await place.git("config", "--unset", "user.email");
  appendFileSync(join(place.repo.commonDir, "config"), settings);
  const commit = await commitOf(place, "merge");
  expect(await place.git("log", "-1", "--format=%G?", commit)).toBe("N\n");
});

test("a path that is another's twin where case does not count is refused", async () => {
  await using place = await createTestRepository({ "README.md": "a\n" });
  await place.commitOn("work", { "Readme.md": "b\n" });
  expect(await build(place)).toMatchObject({ kind: "twin-paths" });
});

test("twins are found among the added paths only", () => {
  expect(findTwinPaths(["a", "A", "b", "caf\u00e9", "cafe\u0301"], ["b", "cafe\u0301"])).toEqual([
    "caf\u00e9",
    "cafe\u0301",
  ]);
});

test("the pool holds the exact commit after whatever a check left behind", async () => {
  await using place = await diverged();
  const [main, work] = [await place.oid("main"), await place.oid("work")];
  const pool = await openPoolWorktree(place.repo, poolPath(place.folder, "app"), main);
  await switchPool(pool, main);
  putFiles(pool.path, {
    "a.txt": "edited by a check\n",
    "report.txt": "r\n",
    "node_modules/x/index.js": "x\n",
  });
  expect(await inspectPool(pool, main)).toEqual({ kind: "other", files: ["a.txt"] });
  appendFileSync(join(await gitDirOf(pool.path), "index.lock"), "");
  await switchPool(pool, work);
  expect(await inspectPool(pool, work)).toEqual({ kind: "exact" });
  expect(await inspectPool(pool, main)).toMatchObject({ kind: "other" });
});

test("a pool of a sparse checkout holds every file, and the person's stays sparse", async () => {
  await using place = await createTestRepository({ "in/a.txt": "a\n", "out/b.txt": "b\n" });
  await place.git("sparse-checkout", "set", "in");
  const main = await place.oid("main");
  const pool = await openPoolWorktree(place.repo, poolPath(place.folder, "app"), main);
  await switchPool(pool, main);
  putFiles(pool.path, { "out/b.txt": "changed\n" });
  expect(await inspectPool(pool, main)).toEqual({ kind: "other", files: ["out/b.txt"] });
  expect((await place.git("ls-files", "-t")).split("\n").filter(Boolean)).toContain("S out/b.txt");
});
