import { existsSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Oid } from "../../../shared/model/ids.ts";
import { openPoolWorktree, type PoolWorktree, poolPath, switchPool } from "./pool-worktree.ts";
import { runGit } from "./run-git.ts";
import { createTestRepository, putFiles, type TestRepository } from "./test-repository.ts";

let place: TestRepository;
let pool: PoolWorktree;
let withLibrary: Oid;
/** A repository of the person's that a branch can name, with work in it that is in no commit. */
let other: string;

beforeEach(async () => {
  place = await createTestRepository();
  const library = join(place.folder, "library");
  await place.git("clone", "-q", place.repo.root, library);
  const allow = ["-c", "protocol.file.allow=always"];
  await place.git(...allow, "submodule", "--quiet", "add", library, "lib");
  await place.git("commit", "-qm", "a submodule");
  withLibrary = await place.oid("main");
  other = join(place.folder, "other");
  await place.git("clone", "-q", place.repo.root, other);
  putFiles(other, { "unsaved.txt": "unsaved\n", "sub/unsaved.txt": "unsaved\n" });
  const path = poolPath(join(place.folder, "pools"), "app");
  pool = await openPoolWorktree(place.repo, path, withLibrary);
  await switchPool(pool, withLibrary);
  expect(readFileSync(join(pool.path, "lib/a.txt"), "utf8")).toContain("one");
});
afterEach(() => place[Symbol.asyncDispose]());

/** A commit in which a link to the other repository stands at `link`, and `.gitmodules` names `path` as the submodule's. */
async function commitLink(link: string, path: string): Promise<Oid> {
  const scratch = join(place.folder, "link");
  await place.git("worktree", "add", "-q", "--detach", scratch, withLibrary);
  await runGit(scratch, ["rm", "-q", "--cached", "lib"]);
  rmSync(join(scratch, "lib"), { recursive: true });
  symlinkSync(other, join(scratch, link));
  await runGit(scratch, ["config", "-f", ".gitmodules", "submodule.lib.path", path]);
  await runGit(scratch, ["add", "-A"]);
  await runGit(scratch, ["commit", "-qm", "link"]);
  return (await runGit(scratch, ["rev-parse", "HEAD"])).stdout.trim();
}
const unsaved = () =>
  ["unsaved.txt", "sub/unsaved.txt"].map((path) => existsSync(join(other, path)));

test("a link where a submodule was leads to a folder that is left alone", async () => {
  await switchPool(pool, await commitLink("lib", "lib"));
  expect(unsaved()).toEqual([true, true]);
});

test("a submodule that is named behind a link is left alone, and so is what lies there", async () => {
  await switchPool(pool, await commitLink("evil", "evil/sub"));
  expect(unsaved()).toEqual([true, true]);
});

test("a link that a check put where a submodule is gives way to the submodule", async () => {
  rmSync(join(pool.path, "lib"), { recursive: true });
  symlinkSync(other, join(pool.path, "lib"));
  await switchPool(pool, withLibrary);
  expect(unsaved()).toEqual([true, true]);
  expect(readFileSync(join(pool.path, "lib/a.txt"), "utf8")).toContain("one");
});

test("a submodule is empty where its commit is nowhere, and what a check left in it goes", async () => {
  putFiles(pool.path, { "lib/left.txt": "left\n" });
  await switchPool(pool, withLibrary);
  expect(existsSync(join(pool.path, "lib/left.txt"))).toBe(false);
  const nowhere = `160000,${"1".repeat(40)},lib`;
  await place.git("update-index", "--cacheinfo", nowhere);
  await place.git("commit", "-qm", "a commit that nobody has");
  await switchPool(pool, await place.oid("main"));
  expect(existsSync(join(pool.path, "lib/a.txt"))).toBe(false);
});
