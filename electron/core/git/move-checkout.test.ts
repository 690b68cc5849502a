import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { markMove } from "./heal-checkout.ts";
import { moveTarget } from "./move-target.ts";
import { createTestRepository, type TestRepository } from "./test-repository.ts";

const START = { "a.txt": "one\n", "old.txt": "old\n" };
const CHANGES = { "a.txt": "one\nmore\n", "new.txt": "new\n", "old.txt": null };

/** A git that runs `script` once, in the folder in which it is called, before the first call with this command. */
function runOnceBefore(place: TestRepository, command: string, script: string): Disposable {
  const path = process.env.PATH ?? "";
  const bin = join(place.folder, "bin");
  mkdirSync(bin, { recursive: true });
  const once = join(place.folder, "once");
  const text = `#!/bin/sh
PATH='${path}'
case " $* " in *" ${command} "*) [ -e '${once}' ] || { touch '${once}'; ${script}; } ;; esac
exec git "$@"
`;
  writeFileSync(join(bin, "git"), text, { mode: 0o755 });
  process.env.PATH = `${bin}${delimiter}${path}`;
  return {
    [Symbol.dispose]() {
      process.env.PATH = path;
    },
  };
}

test.each(["symbolic-ref", "read-tree", "update-ref"])(
  "a branch that the person makes and switches to right before our %s stays where they made it, and clean",
  async (command) => {
    await using place = await createTestRepository(START);
    const from = await place.oid("main");
    const to = await place.commitOn("work", CHANGES);
    using _shim = runOnceBefore(place, command, "git switch -q -c feature");
    const move = { repo: place.repo, target: "main", from, to, note: "land" };
    expect(await moveTarget(move)).toEqual({ kind: "moved" });
    expect([await place.oid("feature"), await place.oid("main")]).toEqual([from, to]);
    expect(await place.git("status", "--porcelain")).toBe("");
  },
);

test("a kill after the branch moved, and a switch to another one, leave that one's checkout clean", async () => {
  await using place = await createTestRepository(START);
  const move = { repo: place.repo, target: "main", from: await place.oid("main"), note: "land" };
  const to = await place.commitOn("work", CHANGES);
  await place.git("branch", "feature");
  await markMove(place.repo.root, { target: "main", from: move.from, to });
  await place.git("read-tree", "-m", "-u", move.from, to);
  await place.git("symbolic-ref", "HEAD", "refs/heads/feature");
  await place.git("update-ref", "refs/heads/main", to);
  expect(await moveTarget({ ...move, to })).toEqual({ kind: "moved" });
  expect(await place.git("status", "--porcelain")).toBe("");
});

test("the lock of a person's commit that began while a move was cut short stays theirs", async () => {
  await using place = await createTestRepository(START);
  const from = await place.oid("main");
  const to = await place.commitOn("work", CHANGES);
  const move = { repo: place.repo, target: "main", from, to, note: "land" };
  await markMove(place.repo.root, { target: "main", from, to });
  const lock = join(place.repo.commonDir, "index.lock");
  writeFileSync(lock, "");
  expect(await moveTarget(move)).toMatchObject({ kind: "held", reason: /index\.lock exists/ });
  expect(existsSync(lock)).toBe(true);
});

test("a target that is checked out twice holds it, with both places named", async () => {
  await using place = await createTestRepository(START);
  const second = join(place.folder, "second");
  await place.git("worktree", "add", "-q", "-f", second, "main");
  const from = await place.oid("main");
  const to = await place.commitOn("work", CHANGES);
  const outcome = await moveTarget({ repo: place.repo, target: "main", from, to, note: "land" });
  const reason = expect.stringContaining(`(${place.repo.root}, ${second})`);
  expect(outcome).toMatchObject({ kind: "held", reason });
  expect(await place.oid("main")).toBe(from);
});

test("an ignored file in a folder that becomes a file holds it, by name", async () => {
  await using place = await createTestRepository({ ...START, ".gitignore": "*.env\n" });
  const from = await place.oid("main");
  const to = await place.commitOn("work", { lib: "a file\n" });
  place.write({ "lib/mine.env": "SECRET=mine\n" });
  const outcome = await moveTarget({ repo: place.repo, target: "main", from, to, note: "land" });
  expect(outcome).toMatchObject({ kind: "held", files: ["lib/mine.env"] });
});
