import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runGit } from "./run-git.ts";
import { saveWorktree } from "./save-worktree.ts";
import { createTestRepository, putFiles, type TestRepository } from "./test-repository.ts";
import { addWorktree, listWorktrees, removeWorktree, worktreeStatus } from "./worktree.ts";

async function add(place: TestRepository, name: string) {
  const path = join(place.folder, "trees", name);
  const from = await place.oid("main");
  const branch = `switchyard/${name}`;
  await addWorktree({ repo: place.repo, path, branch, from, reason: "a task is worked on here" });
  return path;
}

test("a worktree is made on its own branch and locked", async () => {
  await using place = await createTestRepository();
  const path = await add(place, "t-1");
  const found = (await listWorktrees(place.repo)).find((each) => each.path === path);
  expect(found).toMatchObject({ branch: "switchyard/t-1", lock: "a task is worked on here" });
  const status = await worktreeStatus(place.repo, path, await place.oid("main"));
  expect(status).toMatchObject({ dirtyFiles: [], commits: 0, branch: "switchyard/t-1" });
});

test("making it again keeps what is in it", async () => {
  await using place = await createTestRepository();
  const path = await add(place, "t-1");
  writeFileSync(join(path, "work.txt"), "work\n");
  expect(await add(place, "t-1")).toBe(path);
  expect(readFileSync(join(path, "work.txt"), "utf8")).toBe("work\n");
});

test("one that git was still filling when it was killed is made anew", async () => {
  await using place = await createTestRepository();
  const path = await add(place, "t-1");
  writeFileSync(join(place.repo.commonDir, "worktrees", "t-1", "locked"), "initializing");
  rmSync(join(path, "a.txt"));
  await add(place, "t-1");
  expect(readFileSync(join(path, "a.txt"), "utf8")).toBe("one\ntwo\nthree\n");
});

test("one whose folder was deleted by hand is made anew on its branch", async () => {
  await using place = await createTestRepository();
  const path = await add(place, "t-1");
  await place.commitOn("main", { "later.txt": "later\n" });
  await runGit(path, ["commit", "-q", "--allow-empty", "-m", "work"]);
  rmSync(path, { recursive: true });
  await add(place, "t-1");
  const status = await worktreeStatus(place.repo, path, await place.oid("main"));
  expect(status.commits).toBe(1);
});

test("ten at once all succeed, with settings that make git write its config", async () => {
  await using place = await createTestRepository();
  await place.git("config", "branch.autoSetupMerge", "always");
  const names = Array.from({ length: 10 }, (_, at) => `t-${at}`);
  await Promise.all(names.map((name) => add(place, name)));
  expect((await listWorktrees(place.repo)).length).toBe(11);
});

test("a name that git does not take for a branch is refused", async () => {
  await using place = await createTestRepository();
  const wanted = { repo: place.repo, path: join(place.folder, "x"), reason: "r" };
  const from = await place.oid("main");
  const adding = addWorktree({ ...wanted, branch: "-x", from });
  await expect(adding).rejects.toMatchObject({ code: "bad-input" });
});

test("a branch in the way of ours, and one that is checked out elsewhere, are named with the way out", async () => {
  await using place = await createTestRepository();
  await place.git("branch", "switchyard");
  await expect(add(place, "t-1")).rejects.toMatchObject({
    code: "name-taken",
    message: expect.stringContaining("keeps git from making switchyard/t-1"),
  });
  await place.git("branch", "-D", "switchyard");
  await place.git("switch", "-q", "-c", "switchyard/t-1");
  await expect(add(place, "t-1")).rejects.toMatchObject({
    code: "wrong-state",
    message: expect.stringContaining(`checked out in ${place.repo.root}`),
  });
});

test("a lock on the repository's settings, and hooks that fail, do not keep a worktree from being made", async () => {
  await using place = await createTestRepository();
  const hook = join(place.repo.commonDir, "hooks", "post-checkout");
  putFiles(place.repo.commonDir, {
    "config.lock": "",
    "hooks/post-checkout": "#!/bin/sh\nexit 1\n",
  });
  chmodSync(hook, 0o755);
  const path = await add(place, "t-1");
  expect(existsSync(join(path, "a.txt"))).toBe(true);
});

test("removing a worktree keeps its branch, and removing it again is no error", async () => {
  await using place = await createTestRepository();
  const path = await add(place, "t-1");
  for (const _ of [1, 2]) await removeWorktree(place.repo, path);
  expect(existsSync(path)).toBe(false);
  expect(await place.oid("refs/heads/switchyard/t-1")).toBe(await place.oid("main"));
});

test("removing a worktree follows no link out of it", async () => {
  await using place = await createTestRepository();
  const path = await add(place, "t-1");
  putFiles(place.folder, { "outside/kept.txt": "kept\n" });
  symlinkSync(join(place.folder, "outside"), join(path, "out"));
  await removeWorktree(place.repo, path);
  expect(readFileSync(join(place.folder, "outside/kept.txt"), "utf8")).toBe("kept\n");
});

test("saving a worktree leaves its index, files and branch as they are", async () => {
  await using place = await createTestRepository({ "a.txt": "a\n", ".gitignore": "*.log\n" });
  const path = await add(place, "t-1");
  putFiles(path, { "a.txt": "changed\n", "new.txt": "new\n", "noise.log": "noise\n" });
  mkdirSync(join(path, "staged"));
  putFiles(path, { "staged/s.txt": "s\n" });
  await runGit(path, ["add", "staged"]);
  const before = await runGit(path, ["status", "--porcelain", "--ignored"]);
  const head = await place.oid("refs/heads/switchyard/t-1");
  const ref = "refs/switchyard/rescue/t-1/7";
  const saved = await saveWorktree({ repo: place.repo, path, ref, message: "saved" });
  expect((await runGit(path, ["status", "--porcelain", "--ignored"])).stdout).toBe(before.stdout);
  expect(await place.oid("refs/heads/switchyard/t-1")).toBe(head);
  expect(await place.oid(`${ref}^`)).toBe(head);
  const files = await place.git("ls-tree", "-r", "--name-only", saved);
  expect(files).toBe(".gitignore\na.txt\nnew.txt\nstaged/s.txt\n");
});
