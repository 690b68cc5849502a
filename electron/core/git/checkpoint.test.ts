import { existsSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gitDirOf } from "./checkout-blockers.ts";
import {
  CHECKPOINT_LIMITS,
  checkpointWorktree,
  dropCheckpoints,
  numbersBelow,
} from "./checkpoint.ts";
import { runGit } from "./run-git.ts";
import { createTestRepository, putFiles, type TestRepository } from "./test-repository.ts";
import { addWorktree } from "./worktree.ts";

const FOLDER = "refs/switchyard/checkpoint/t-1";

async function add(place: TestRepository): Promise<string> {
  const path = join(place.folder, "trees", "t-1");
  const from = await place.oid("main");
  const branch = "switchyard/t-1";
  await addWorktree({ repo: place.repo, path, branch, from, reason: "t-1" });
  return path;
}

function checkpoint(place: TestRepository, path: string, seen: string | null = null) {
  return checkpointWorktree({ repo: place.repo, path, task: "t-1", seen });
}

test("a worktree with nothing but its commits needs none", async () => {
  await using place = await createTestRepository();
  const path = await add(place);
  await runGit(path, ["commit", "-q", "--allow-empty", "-m", "work"]);
  expect(await checkpoint(place, path)).toMatchObject({ kind: "unchanged" });
});

test("changes are kept once, and again when they change, by whoever looks", async () => {
  await using place = await createTestRepository();
  const path = await add(place);
  putFiles(path, { "a.txt": "1\n", "new.txt": "new\n" });
  const first = await checkpoint(place, path);
  expect(first).toMatchObject({ kind: "saved", ref: `${FOLDER}/1`, leftOut: [] });
  expect(await place.show(`${FOLDER}/1`, "new.txt")).toBe("new\n");
  expect(await checkpoint(place, path, first.seen)).toEqual({
    kind: "unchanged",
    seen: first.seen,
  });
  // One that remembers nothing, as after a start of the core.
  expect(await checkpoint(place, path)).toEqual({ kind: "unchanged", seen: first.seen });
  putFiles(path, { "a.txt": "22\n" });
  expect(await checkpoint(place, path, first.seen)).toMatchObject({ ref: `${FOLDER}/2` });
});

test("nothing in the worktree, its index or its branch changes", async () => {
  await using place = await createTestRepository({ "a.txt": "a\n", "b.txt": "b\n" });
  const path = await add(place);
  putFiles(path, { "a.txt": "staged\n" });
  await runGit(path, ["add", "a.txt"]);
  putFiles(path, { "b.txt": "changed\n", "new.txt": "new\n" });
  const index = join(place.repo.commonDir, "worktrees", "t-1", "index");
  const facts = async () => ({
    index: readFileSync(index).toString("hex"),
    head: readFileSync(join(place.repo.commonDir, "worktrees", "t-1", "HEAD"), "utf8"),
    branch: await place.oid("switchyard/t-1"),
    status: (await runGit(path, ["status", "--porcelain"])).stdout,
  });
  const before = await facts();
  expect(await checkpoint(place, path)).toMatchObject({ kind: "saved" });
  expect(await facts()).toEqual(before);
});

test("only the newest five stay, until all are let go", async () => {
  await using place = await createTestRepository();
  const path = await add(place);
  for (let at = 1; at <= 7; at++) {
    putFiles(path, { "a.txt": "x".repeat(at) });
    await checkpoint(place, path);
  }
  expect(await numbersBelow(place.repo, FOLDER)).toEqual([3, 4, 5, 6, 7]);
  await dropCheckpoints(place.repo, "t-1");
  expect(await numbersBelow(place.repo, FOLDER)).toEqual([]);
});

test("what is too big, and a repository inside, is left out and told", async () => {
  await using place = await createTestRepository();
  const path = await add(place);
  putFiles(path, { "big [x].bin": "x".repeat(200), "small.txt": "s\n" });
  await runGit(path, ["init", "-q", "inner"]);
  putFiles(path, { "inner/i.txt": "i\n" });
  const limits = { ...CHECKPOINT_LIMITS, fileMaxBytes: 100 };
  const saving = { repo: place.repo, path, task: "t-1", seen: null, limits };
  expect(await checkpointWorktree(saving)).toMatchObject({ leftOut: ["inner/", "big [x].bin"] });
  const names = await place.git("ls-tree", "-r", "--name-only", `${FOLDER}/1`);
  expect(names).toBe("a.txt\nsmall.txt\n");
});

test("a lock of another git in the worktree stops no checkpoint, and is not ours to take", async () => {
  await using place = await createTestRepository();
  const path = await add(place);
  putFiles(path, { "a.txt": "changed\n" });
  const lock = join(place.repo.commonDir, "worktrees", "t-1", "index.lock");
  putFiles(place.repo.commonDir, { "worktrees/t-1/index.lock": "" });
  expect(await checkpoint(place, path)).toMatchObject({ kind: "saved" });
  expect(readFileSync(lock, "utf8")).toBe("");
});

test("an index that a kill left behind goes a day later, one in use stays", async () => {
  await using place = await createTestRepository();
  const path = await add(place);
  const gitDir = await gitDirOf(path);
  const [old, young] = [
    join(gitDir, "switchyard-index-0a0a0a0a"),
    join(gitDir, "switchyard-index-0b0b0b0b"),
  ];
  for (const file of [old, young]) writeFileSync(file, "");
  utimesSync(old, 0, 0);
  putFiles(path, { "a.txt": "1\n" });
  await checkpoint(place, path);
  expect([old, young].map(existsSync)).toEqual([false, true]);
});
