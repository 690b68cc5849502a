import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Oid } from "../../../shared/model/ids.ts";
import { cachesBeside } from "./pool-caches.ts";
import {
  type CacheSettings,
  inspectPool,
  openPoolWorktree,
  type PoolWorktree,
  poolPath,
  preparePool,
  switchPool,
} from "./pool-worktree.ts";
import { runGit } from "./run-git.ts";
import {
  createTestRepository,
  type Files,
  putFiles,
  type TestRepository,
} from "./test-repository.ts";
import { tidyPools } from "./tidy-pools.ts";

const USUAL: CacheSettings = { caches: null, madeFrom: "", setUpFrom: [] };
const ONE = { "package-lock.json": "one\n", "packages/a/x.txt": "x\n" };

let place: TestRepository;
let pool: PoolWorktree;
beforeEach(async () => {
  place = await createTestRepository({ "a.txt": "a\n", ...ONE });
  const path = poolPath(join(place.folder, "pools"), "app");
  pool = await openPoolWorktree(place.repo, path, await place.oid("main"));
});
afterEach(() => place[Symbol.asyncDispose]());

let branches = 0;
const commit = (files: Files) => place.commitOn(`b-${++branches}`, files);
const at = (path: string) => join(pool.path, path);

/** A run at this commit that writes these files and comes to its end, or is cut off. Gives whether it needs no set-up. */
async function run(
  oid: Oid,
  files: Files = {},
  how: Partial<CacheSettings> & { readonly isCutOff?: boolean } = {},
): Promise<boolean> {
  const prepared = await preparePool(pool, oid, { ...USUAL, ...how });
  putFiles(pool.path, files);
  if (!how.isCutOff) await prepared.keep();
  return prepared.isSetUp;
}
const stored = () =>
  readdirSync(cachesBeside(pool.path)).filter((name) => name !== "state.json").length;

test("what is filled from a lock file is there again in the next run, and nothing else is", async () => {
  const main = await place.oid("main");
  const made = { "node_modules/m.js": "m", "packages/a/node_modules/n.js": "n", "out/o.js": "o" };
  expect(await run(main, made)).toBe(false);
  await switchPool(pool, main);
  expect(await run(await commit({ "b.txt": "b\n" }))).toBe(true);
  const isThere = Object.keys(made).map((path) => existsSync(at(path)));
  expect(isThere).toEqual([true, true, false]);
});

test("another lock file has folders of its own; those of the first are there again with it", async () => {
  const main = await place.oid("main");
  const other = await commit({ "package-lock.json": "two\n" });
  await run(main, { "node_modules/m.js": "one" });
  expect(await run(other, { "node_modules/m.js": "two" })).toBe(false);
  expect(await run(main)).toBe(true);
  expect(readFileSync(at("node_modules/m.js"), "utf8")).toBe("one");
  expect(await run(other)).toBe(true);
  expect(readFileSync(at("node_modules/m.js"), "utf8")).toBe("two");
});

test("of a run that was cut off nothing is left, whatever lock file comes next", async () => {
  const main = await place.oid("main");
  await run(main, { "node_modules/m.js": "good" });
  expect(await run(main, { "node_modules/m.js": "half" }, { isCutOff: true })).toBe(true);
  expect(await run(main)).toBe(false);
  expect(existsSync(at("node_modules"))).toBe(false);
  const other = await commit({ "package-lock.json": "two\n" });
  await run(main, { "node_modules/m.js": "half" }, { isCutOff: true });
  expect(await run(other)).toBe(false);
  expect(existsSync(at("node_modules"))).toBe(false);
  expect(await run(main)).toBe(false);
});

test("without a lock file nothing outlives a run, unless a project names it", async () => {
  const without = await commit({ "package-lock.json": null });
  await run(without, { "node_modules/m.js": "m" });
  expect(await run(without)).toBe(false);
  const caches = ["packages/a/build", "cache"];
  const made = {
    "packages/a/build/x": "x",
    "b/build/x": "x",
    "b/cache/x": "x",
    "node_modules/m": "",
  };
  await run(without, made, { caches });
  expect(await run(without, {}, { caches })).toBe(true);
  expect(Object.keys(made).map((path) => existsSync(at(path)))).toEqual([true, false, true, false]);
});

test("folders are made anew when what they are made from beside lock files is another", async () => {
  const main = await place.oid("main");
  await run(main, { "node_modules/m.js": "m" }, { madeFrom: "node 20" });
  expect(await run(main, {}, { madeFrom: "node 22" })).toBe(false);
  expect(await run(main, {}, { madeFrom: "node 20" })).toBe(true);
});

test("a set-up is needed on every tree, unless all that it reads is named and the same", async () => {
  const files = { "schema/a.txt": "one\n", "packages/a/package.json": "{}\n" };
  const made = { "node_modules/client": "one" };
  const first = await commit(files);
  for (const setUpFrom of [null, ["nowhere"]]) {
    await run(first, made, { setUpFrom });
    expect(await run(first, {}, { setUpFrom })).toBe(false);
    expect(existsSync(at("node_modules/client"))).toBe(true);
  }
  const setUpFrom = ["schema", "package.json", "packages/a/package.json"];
  await run(first, made, { setUpFrom });
  expect(await run(await commit({ ...files, "b.txt": "b\n" }), {}, { setUpFrom })).toBe(true);
  for (const path of Object.keys(files)) {
    expect(await run(await commit({ ...files, [path]: "two\n" }), {}, { setUpFrom })).toBe(false);
    expect(existsSync(at("node_modules"))).toBe(false);
  }
});

test("a folder of such a name that holds files of the commit is the commit's, and never a cache", async () => {
  const main = await place.oid("main");
  await run(main, { "node_modules/m.js": "m" });
  const vendored = await commit({ "node_modules/m.js": "vendored\n" });
  expect(await run(vendored, { "node_modules/more.js": "more" })).toBe(false);
  expect(await run(vendored)).toBe(false);
  expect(readdirSync(at("node_modules"))).toEqual(["m.js"]);
  expect(await inspectPool(pool, vendored)).toEqual({ kind: "exact" });
  const asFile = await commit({ node_modules: "a file\n" });
  await run(main, { "node_modules/m.js": "m" });
  await run(asFile);
  expect(await inspectPool(pool, asFile)).toEqual({ kind: "exact" });
});

/** A commit with this lock file in which `packages/a` is a link to a folder of the person's, with dependencies of its own. */
async function commitLink(lock: string): Promise<{ readonly oid: Oid; readonly outside: string }> {
  const outside = join(place.folder, "outside");
  putFiles(outside, { "node_modules/mine.js": "mine" });
  const scratch = join(place.folder, "link");
  await place.git("worktree", "add", "-q", "--detach", scratch, "main");
  renameSync(join(scratch, "packages/a"), join(scratch, "gone"));
  symlinkSync(outside, join(scratch, "packages/a"));
  putFiles(scratch, { "package-lock.json": lock });
  await runGit(scratch, ["add", "-A"]);
  await runGit(scratch, ["commit", "-qm", "link"]);
  return { oid: (await runGit(scratch, ["rev-parse", "HEAD"])).stdout.trim(), outside };
}

test("a stored folder does not come back through a link that a commit has put in its way", async () => {
  const main = await place.oid("main");
  await run(main, { "packages/a/node_modules/n.js": "n" });
  await run(await commit({ "package-lock.json": "two\n" }));
  const { oid, outside } = await commitLink("one\n");
  expect(await run(oid)).toBe(false);
  expect(readdirSync(join(outside, "node_modules"))).toEqual(["mine.js"]);
});

test("a link in the place of a folder's parent leads to nothing that is used, stored or deleted", async () => {
  const main = await place.oid("main");
  for (const lock of ["one\n", "two\n"]) {
    await run(main, { "packages/a/node_modules/n.js": "n" });
    const { oid, outside } = await commitLink(lock);
    await place.git("worktree", "remove", "--force", join(place.folder, "link"));
    expect(await run(oid)).toBe(false);
    expect(await run(main)).toBe(false);
    expect(readdirSync(join(outside, "node_modules"))).toEqual(["mine.js"]);
  }
});

test("a stored cache that something has harmed is none, and the next run makes its own", async () => {
  const main = await place.oid("main");
  const other = await commit({ "package-lock.json": "two\n" });
  const harms = [
    (folder: string) => putFiles(folder, { "folders.json": '["node_mod' }),
    (folder: string) => rmSync(join(folder, "folders.json")),
    (folder: string) => rmSync(join(folder, "0"), { recursive: true }),
  ];
  for (const harm of harms) {
    await run(main, { "node_modules/m.js": "m" });
    await run(other);
    for (const name of readdirSync(cachesBeside(pool.path)).filter((each) => each !== "state.json"))
      harm(join(cachesBeside(pool.path), name));
    expect(await run(main)).toBe(false);
  }
});

test("so many sets are stored and no more, the oldest go, and halves that a kill left go too", async () => {
  mkdirSync(join(cachesBeside(pool.path), "half-x"), { recursive: true });
  for (let lock = 0; lock < 5; lock++) {
    const oid = await commit({ "package-lock.json": `${lock}\n` });
    await run(oid, { "node_modules/m.js": String(lock) });
  }
  expect(stored()).toBe(3);
  expect(await run(await commit({ "package-lock.json": "3\n" }))).toBe(true);
  expect(await run(await commit({ "package-lock.json": "0\n" }))).toBe(false);
});

test("a pool worktree that was made anew has no caches, and names of files are no patterns", async () => {
  const main = await commit({ "pack[ab] !#/x.txt": "x\n" });
  const odd = "pack[ab] !#/node_modules/m.js";
  await run(main, { [odd]: "m" });
  expect(await run(main)).toBe(true);
  expect(existsSync(at(odd))).toBe(true);
  await place.git("worktree", "remove", "--force", "--force", pool.path);
  mkdirSync(dirname(pool.path), { recursive: true });
  pool = await openPoolWorktree(place.repo, pool.path, main);
  expect(await run(main)).toBe(false);
});

test("a set-up that reads what a link leads to runs on each tree", async () => {
  await using place = await createTestRepository({
    "db/schema.sql": "1\n",
    "package-lock.json": "{}\n",
  });
  symlinkSync("db", join(place.repo.root, "schema"));
  await place.git("add", "schema");
  await place.git("commit", "-qm", "link");
  const one = await place.oid("main");
  const two = await place.commitOn("work", { "db/schema.sql": "2\n" });
  const path = join(place.folder, "worktrees", ".pool-1");
  const pool = await openPoolWorktree(place.repo, path, one);
  const settings = { caches: ["node_modules"], madeFrom: "x", setUpFrom: ["schema"] };
  const prepared = await preparePool(pool, one, settings);
  mkdirSync(join(path, "node_modules"));
  await prepared.keep();
  expect((await preparePool(pool, two, settings)).isSetUp).toBe(false);
});

test("locks of gits that are gone, and halves of a pool worktree, are tidied away; one that is whole stays", async () => {
  await using place = await createTestRepository({ "a.txt": "a\n" });
  const at = await place.oid("main");
  const path = poolPath(place.folder, "worktrees");
  await openPoolWorktree(place.repo, path, at);
  const lock = join(place.repo.commonDir, "worktrees", ".pool-1", "ORIG_HEAD.lock");
  const locks = [lock, lock.replace("/.pool-1/", "/-pool-1/")].filter((file) =>
    existsSync(dirname(file)),
  );
  for (const file of locks) writeFileSync(file, "");
  expect(locks).toHaveLength(1);
  const unknown = poolPath(place.folder, "worktrees", 2);
  putFiles(unknown, { "a.txt": "" });
  const lost = poolPath(place.folder, "worktrees", 3);
  await openPoolWorktree(place.repo, lost, at);
  rmSync(lost, { recursive: true });
  const half = join(place.repo.commonDir, "worktrees", "-pool-9");
  putFiles(half, { gitdir: "", "ORIG_HEAD.lock": "" });
  await tidyPools(place.repo, dirname(path));
  expect(existsSync(half)).toBe(false);
  expect([...locks, unknown].filter((file) => existsSync(file))).toEqual([]);
  expect(await place.git("worktree", "list")).not.toContain(".pool-3");
  expect(readFileSync(join(path, "a.txt"), "utf8")).toBe("a\n");
});
