import { appendFileSync, cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { checkpointWorktree } from "./checkpoint.ts";
import { lookAtWorktree } from "./look-at-worktree.ts";
import { pinOf } from "./pin-worktree.ts";
import { openRepository, readStatus } from "./repository.ts";
import { runGit } from "./run-git.ts";
import { createTestRepository, type TestRepository } from "./test-repository.ts";
import { addWorktree, worktreeStatus } from "./worktree.ts";

let place: TestRepository;
let path: string;
let made: string;
let evil: string;

beforeEach(async () => {
  place = await createTestRepository();
  path = join(place.folder, "wt");
  made = join(place.folder, "made");
  evil = join(path, "evil");
  const from = await place.oid("main");
  await addWorktree({ repo: place.repo, path, branch: "work", from, reason: "test" });
  cpSync(place.repo.commonDir, evil, { recursive: true });
  appendFileSync(join(evil, "config"), `[filter "x"]\n\tclean = touch '${made}'; cat\n`);
  writeFileSync(join(path, ".gitattributes"), "* filter=x\n");
  writeFileSync(join(path, "a.txt"), "four\n");
  return () => place[Symbol.asyncDispose]();
});

const keep = () => checkpointWorktree({ repo: place.repo, path, task: "s/t-1", seen: null });
const leadAway = () =>
  writeFileSync(join(place.repo.commonDir, "worktrees/wt/commondir"), `${evil}\n`);

test("a worktree whose links a worker turned to a repository of its own is refused, and no program of that runs", async () => {
  leadAway();
  await expect(keep()).rejects.toThrow("its links lead elsewhere");
  await expect(worktreeStatus(place.repo, path, "HEAD")).rejects.toThrow(
    "its links lead elsewhere",
  );
  expect(existsSync(made)).toBe(false);
});

test("a link of the worktree itself that leads elsewhere is refused too", async () => {
  mkdirSync(join(evil, "worktrees"), { recursive: true });
  const admin = join(evil, "worktrees/wt");
  writeFileSync(join(path, ".git"), `gitdir: ${admin}\n`);
  await expect(keep()).rejects.toThrow("its links lead elsewhere");
  writeFileSync(join(path, ".git"), `gitdir: ${evil}\n`);
  await expect(keep()).rejects.toThrow("its links lead elsewhere");
  expect(existsSync(made)).toBe(false);
});

test("a main git folder that names another as its repository is refused", async () => {
  writeFileSync(join(place.repo.commonDir, "commondir"), `${evil}\n`);
  await expect(openRepository(place.repo.root)).rejects.toThrow("and is no worktree of that");
});

test("links that are turned after the look at them change nothing for git", async () => {
  const pin = await pinOf(place.repo, path);
  leadAway();
  await lookAtWorktree(path, { env: pin });
  expect(await readStatus(path, "all", { env: pin })).not.toEqual([]);
  await runGit(path, ["add", "--all"], { env: pin });
  expect(existsSync(made)).toBe(false);
  // That is what it is for.
  await runGit(path, ["add", "--renormalize", "."]);
  expect(existsSync(made)).toBe(true);
});

test("a main checkout is left as it is, and a worktree is kept as before", async () => {
  expect(await pinOf(place.repo, place.repo.root)).toEqual({});
  expect((await keep()).kind).toBe("saved");
});
