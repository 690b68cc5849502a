import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rescueWorktree } from "./rescue-worktree.ts";
import { restoreWorktree } from "./restore-worktree.ts";
import { runGit } from "./run-git.ts";
import { createTestRepository, putFiles, type TestRepository } from "./test-repository.ts";
import { addWorktree, removeWorktree } from "./worktree.ts";

const BRANCH = "switchyard/t-1";

async function add(place: TestRepository): Promise<string> {
  const path = join(place.folder, "trees", "t-1");
  const from = await place.oid("main");
  await addWorktree({ repo: place.repo, path, branch: BRANCH, from, reason: "t-1" });
  return path;
}

async function status(path: string): Promise<string> {
  return (await runGit(path, ["status", "--porcelain", "--untracked-files=all"])).stdout;
}

/** Takes the worktree away and puts it back, as a removal and its undoing do. */
async function thereAndBack(place: TestRepository, path: string) {
  const rescued = await rescueWorktree(place.repo, path, "t-1");
  if (!rescued) throw new Error("there was nothing to rescue");
  await removeWorktree(place.repo, path);
  expect(existsSync(path)).toBe(false);
  const { head, branch, ref } = rescued;
  const restore = () =>
    restoreWorktree({ repo: place.repo, path, branch, head, rescue: ref, reason: "t-1" });
  await restore();
  return { rescued, restore };
}

test("a worktree comes back with its staged, changed, deleted and untracked files as they were", async () => {
  await using place = await createTestRepository({
    "a.txt": "a\n",
    "b.txt": "b\n",
    "gone.txt": "gone\n",
  });
  const path = await add(place);
  putFiles(path, { "new/-x 'ü\n.txt": "odd name\n", "run.sh": "#!/bin/sh\n", "b.txt": "staged\n" });
  chmodSync(join(path, "run.sh"), 0o755);
  symlinkSync("/etc/hostname", join(path, "link"));
  await runGit(path, ["add", "b.txt"]);
  putFiles(path, { "a.txt": "changed\n", "b.txt": "staged, then changed\n", "gone.txt": null });
  const before = await status(path);

  const { restore } = await thereAndBack(place, path);
  for (const _ of [1, 2]) {
    expect(await status(path)).toBe(before);
    expect(readFileSync(join(path, "a.txt"), "utf8")).toBe("changed\n");
    expect(readFileSync(join(path, "b.txt"), "utf8")).toBe("staged, then changed\n");
    expect((await runGit(path, ["show", ":b.txt"])).stdout).toBe("staged\n");
    expect(readFileSync(join(path, "new/-x 'ü\n.txt"), "utf8")).toBe("odd name\n");
    expect(lstatSync(join(path, "run.sh")).mode & 0o111).not.toBe(0);
    expect(lstatSync(join(path, "link")).isSymbolicLink()).toBe(true);
    await restore();
  }
});

test("a clean worktree needs no rescue, and comes back on its branch", async () => {
  await using place = await createTestRepository();
  const path = await add(place);
  await runGit(path, ["commit", "-q", "--allow-empty", "-m", "work"]);
  const head = await place.oid(BRANCH);
  const { rescued } = await thereAndBack(place, path);
  expect(rescued).toEqual({ head, branch: BRANCH, ref: null });
  expect((await runGit(path, ["symbolic-ref", "--short", "HEAD"])).stdout.trim()).toBe(BRANCH);
});

test("commits of a detached HEAD are kept and come back", async () => {
  await using place = await createTestRepository();
  const path = await add(place);
  await runGit(path, ["checkout", "-q", "--detach"]);
  putFiles(path, { "a.txt": "detached\n" });
  await runGit(path, ["commit", "-qam", "off the branch"]);
  const { rescued } = await thereAndBack(place, path);
  expect(rescued.branch).toBeNull();
  expect(await place.show(`${rescued.ref}`, "a.txt")).toBe("detached\n");
  expect((await runGit(path, ["rev-parse", "HEAD"])).stdout.trim()).toBe(rescued.head);
});

test("rescued again without a change it is the same ref; after one, the next number", async () => {
  await using place = await createTestRepository();
  const path = await add(place);
  putFiles(path, { "a.txt": "changed\n" });
  const rescue = async () => (await rescueWorktree(place.repo, path, "t-1"))?.ref;
  expect(await rescue()).toBe("refs/switchyard/rescue/t-1/1");
  expect(await rescue()).toBe("refs/switchyard/rescue/t-1/1");
  await runGit(path, ["add", "a.txt"]);
  expect(await rescue()).toBe("refs/switchyard/rescue/t-1/2");
});

test("a file in a conflict is kept as it lies there", async () => {
  await using place = await createTestRepository({ "a.txt": "one\n" });
  await place.commitOn("main", { "a.txt": "theirs\n" });
  const path = await add(place);
  await runGit(path, ["reset", "-q", "--hard", "HEAD~1"]);
  putFiles(path, { "a.txt": "ours\n" });
  await runGit(path, ["commit", "-qam", "ours"]);
  await runGit(path, ["merge", "-q", "main"], { okExitCodes: [1] });
  const conflicted = readFileSync(join(path, "a.txt"), "utf8");
  expect(conflicted).toContain("<<<<<<<");
  await thereAndBack(place, path);
  expect(readFileSync(join(path, "a.txt"), "utf8")).toBe(conflicted);
});

test("a repository inside the worktree is not thrown away with it", async () => {
  await using place = await createTestRepository();
  const path = await add(place);
  await runGit(path, ["init", "-q", "inner"]);
  await expect(rescueWorktree(place.repo, path, "t-1")).rejects.toMatchObject({
    code: "wrong-state",
    message: expect.stringContaining("inner/"),
  });
});

test("a branch that moved meanwhile is not overwritten by what was saved before", async () => {
  await using place = await createTestRepository();
  const path = await add(place);
  putFiles(path, { "a.txt": "changed\n" });
  const rescued = await rescueWorktree(place.repo, path, "t-1");
  await removeWorktree(place.repo, path);
  await place.commitOn(BRANCH, { "later.txt": "later\n" });
  const { head = "", branch = null, ref = null } = rescued ?? {};
  const wanted = { repo: place.repo, path, branch, head, rescue: ref, reason: "t-1" };
  await expect(restoreWorktree(wanted)).rejects.toMatchObject({ code: "wrong-state" });
  expect(existsSync(path)).toBe(false);
});

test("a branch that the person has checked out stays theirs, and they are told where", async () => {
  await using place = await createTestRepository();
  const path = await add(place);
  await removeWorktree(place.repo, path);
  await place.git("switch", "-q", BRANCH);
  const head = await place.oid(BRANCH);
  const wanted = { repo: place.repo, path, branch: BRANCH, head, rescue: null, reason: "t-1" };
  await expect(restoreWorktree(wanted)).rejects.toMatchObject({
    code: "wrong-state",
    message: expect.stringContaining(place.repo.root),
  });
});

test("a worktree whose folder was deleted by hand is nothing to rescue and is put back from its branch", async () => {
  await using place = await createTestRepository();
  const path = await add(place);
  rmSync(path, { recursive: true });
  const { rescued } = await thereAndBack(place, path);
  expect(rescued.ref).toBeNull();
  expect(existsSync(join(path, "a.txt"))).toBe(true);
});

test("what was rescued survives a git that collects its garbage", async () => {
  await using place = await createTestRepository();
  const path = await add(place);
  putFiles(path, { "a.txt": "changed\n" });
  const rescued = await rescueWorktree(place.repo, path, "t-1");
  await removeWorktree(place.repo, path);
  await place.git("reflog", "expire", "--expire=now", "--all");
  await place.git("gc", "-q", "--prune=now");
  const { head = "", branch = null, ref = null } = rescued ?? {};
  await restoreWorktree({ repo: place.repo, path, branch, head, rescue: ref, reason: "t-1" });
  expect(readFileSync(join(path, "a.txt"), "utf8")).toBe("changed\n");
});

test("a change of the same size, in the moment that git wrote its index, is rescued", async () => {
  await using place = await createTestRepository({ "a.txt": "1\n" });
  const path = await add(place);
  const file = join(path, "a.txt");
  // Its times are all that could tell, and they tell nothing.
  await runGit(path, ["config", "core.trustctime", "false"]);
  const moment = 1_700_000_000;
  utimesSync(file, moment, moment);
  await runGit(path, ["update-index", "--refresh"]);
  const index = (await runGit(path, ["rev-parse", "--git-path", "index"])).stdout.trim();
  writeFileSync(file, "2\n");
  utimesSync(file, moment, moment);
  utimesSync(index, moment, moment);
  await thereAndBack(place, path);
  expect(readFileSync(file, "utf8")).toBe("2\n");
});

test("a repository with a name of spaces, a line break, an emoji and a dash is like any other", async () => {
  await using place = await createTestRepository({ "-a b\n🦊.txt": "1\n" }, "-r e\npo 🦊");
  const path = await add(place);
  putFiles(path, { "-a b\n🦊.txt": "2\n", "-n\tew.txt": "new\n" });
  const before = await status(path);
  await thereAndBack(place, path);
  expect(await status(path)).toBe(before);
  expect(readFileSync(join(path, "-a b\n🦊.txt"), "utf8")).toBe("2\n");
});

test("a worktree with a submodule of its own is not removed: its commits are nowhere else", async () => {
  await using place = await createTestRepository();
  await using other = await createTestRepository({ "s.txt": "s\n" });
  const path = await add(place);
  const allow = ["-c", "protocol.file.allow=always"];
  const added = spawnSync("git", [...allow, "submodule", "add", "-q", other.repo.root, "sub"], {
    cwd: path,
  });
  expect(added.status, String(added.stderr)).toBe(0);
  await expect(rescueWorktree(place.repo, path, "t-1")).rejects.toMatchObject({
    message: expect.stringContaining("its submodules"),
  });
});

test("a changed file of which git was told not to look at it is rescued too", async () => {
  await using place = await createTestRepository({ "a.txt": "a\n", "b.txt": "b\n" });
  const path = await add(place);
  for (const [mark, file] of [
    ["--assume-unchanged", "a.txt"],
    ["--skip-worktree", "b.txt"],
  ] as const)
    await runGit(path, ["update-index", mark, file]);
  putFiles(path, { "a.txt": "precious\n", "b.txt": "as dear\n" });
  await thereAndBack(place, path);
  expect(readFileSync(join(path, "a.txt"), "utf8")).toBe("precious\n");
  expect(readFileSync(join(path, "b.txt"), "utf8")).toBe("as dear\n");
});
