import { mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { healCheckout } from "./heal-checkout.ts";
import { moveTarget } from "./move-target.ts";
import { inspectPool, openPoolWorktree } from "./pool-worktree.ts";
import { writeRef } from "./repository.ts";
import { createTestRepository } from "./test-repository.ts";

const FIRST = { "a.txt": "a\n", "kept.txt": "kept\n", "gone.txt": "gone\n", "mine.txt": "1\n" };
const LANDED = { "a.txt": "a\nmore\n", "new.txt": "new\n", "gone.txt": null, "mine.txt": "2\n" };

/** The target has moved with its checkout, and the mark of the move is there still, written in another boot or in this one. */
async function moveAndMark(boot: string | null) {
  const place = await createTestRepository(FIRST);
  const from = await place.oid("main");
  const to = await place.commitOn("work", LANDED);
  const moved = await moveTarget({ repo: place.repo, target: "main", from, to, note: "land" });
  expect(moved).toEqual({ kind: "moved" });
  const mark = { target: "main", from, to, ...(boot === null ? {} : { boot }) };
  writeFileSync(join(place.repo.root, ".git", "switchyard-move.json"), JSON.stringify(mark));
  const status = async () => (await place.git("status", "--porcelain")).trimEnd().split("\n");
  return { place, status, heal: () => healCheckout(place.repo, place.repo.root) };
}

test("files that a power cut emptied, cut off or took get what has landed; the person's stay", async () => {
  const { place, status, heal } = await moveAndMark("another boot");
  await using _place = place;
  const file = (name: string) => join(place.repo.root, name);
  truncateSync(file("new.txt"), 0);
  truncateSync(file("a.txt"), 2);
  writeFileSync(file("gone.txt"), "gone\n");
  writeFileSync(file("mine.txt"), "the person's\n");
  writeFileSync(file("kept.txt"), "also the person's\n");
  expect(await heal()).toBeNull();
  expect(readFileSync(file("new.txt"), "utf8")).toBe("new\n");
  expect(readFileSync(file("a.txt"), "utf8")).toBe("a\nmore\n");
  expect(await status()).toEqual([" M kept.txt", " M mine.txt"]);
});

test("an index that a power cut threw back is brought to what has landed", async () => {
  const { place, status, heal } = await moveAndMark("another boot");
  await using _place = place;
  await place.git("read-tree", "main~1");
  expect(await status()).not.toEqual([""]);
  expect(await heal()).toBeNull();
  expect(await status()).toEqual([""]);
});

test("without a power cut nothing that the person did since is touched", async () => {
  const { place, status, heal } = await moveAndMark(null);
  await using _place = place;
  truncateSync(join(place.repo.root, "new.txt"), 0);
  expect(await heal()).toBeNull();
  expect(await status()).toEqual([" M new.txt"]);
});

test("a lock that a power cut left on a ref of our own is taken away, and the ref written", async () => {
  await using place = await createTestRepository();
  const to = await place.oid("main");
  const name = "refs/switchyard/work/here/q-1/1";
  const folder = join(place.repo.root, ".git", name, "..");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "1.lock"), "");
  await writeRef(place.repo, name, to);
  expect(await place.oid(name)).toBe(to);
});

test("a pool worktree of which a power cut left the files alone is made anew", async () => {
  await using place = await createTestRepository();
  const pool = join(place.folder, "worktrees", ".pool-1");
  mkdirSync(pool, { recursive: true });
  writeFileSync(join(pool, "a.txt"), "");
  const at = await place.oid("main");
  await openPoolWorktree(place.repo, pool, at);
  expect(await inspectPool({ repo: place.repo, path: pool }, at)).toEqual({ kind: "exact" });
});
