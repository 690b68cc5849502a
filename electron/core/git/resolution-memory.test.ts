import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isTextConflict, mergeWithConflicts, readBlob } from "./conflict.ts";
import { ResolutionMemory } from "./resolution-memory.ts";
import { runGit } from "./run-git.ts";
import { createTestRepository, putFiles, type TestRepository } from "./test-repository.ts";

const ODD = `dir "ö"/it's\t$(touch pwn) <x>.txt`;
const LINES = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
const line = (text: string) => LINES.replace("5", text);

/** `work` and main have both changed line five. */
async function conflicted(path = ODD) {
  const place = await createTestRepository({ [path]: LINES, "b.txt": "b\n" });
  await place.commitOn("work", { [path]: line("ours") });
  await place.commitOn("main", { [path]: line("theirs") });
  await place.git("reset", "-q", "--hard");
  return place;
}
const memoryOf = (place: TestRepository) =>
  new ResolutionMemory(place.repo, join(place.folder, "re 'solutions' ü"));

/** What a worker does whose branch came back: merges the target into it and settles the conflict. */
async function settle(place: TestRepository, branch: string, files: Record<string, string>) {
  const worktree = join(place.folder, "settling");
  await place.git("worktree", "add", "-q", worktree, branch);
  await runGit(worktree, ["merge", "-q", "main"], { okExitCodes: [1] });
  putFiles(worktree, files);
  await runGit(worktree, ["add", "-A"]);
  await runGit(worktree, ["commit", "-qm", "merge"]);
  await place.git("worktree", "remove", "--force", worktree);
}
async function recall(
  place: TestRepository,
  memory: ResolutionMemory,
  ours: string,
  theirs: string,
) {
  const [a, b] = [await place.oid(ours), await place.oid(theirs)];
  const { tree, conflicts } = await mergeWithConflicts(place.repo.root, a, b);
  const known = await memory.recall(tree, conflicts.filter(isTextConflict));
  const texts = [...known].map(async ([path, oid]) => [
    path,
    (await readBlob(place.repo, oid)).toString(),
  ]);
  return Object.fromEntries(await Promise.all(texts));
}

test("a conflict that was settled once is settled the same way again, from either side", async () => {
  await using place = await conflicted();
  const memory = memoryOf(place);
  const config = join(place.repo.commonDir, "config");
  const before = readFileSync(config, "utf8");
  const [old, main] = [await place.oid("work"), await place.oid("main")];
  expect(await recall(place, memory, main, old)).toEqual({});
  await settle(place, "work", { [ODD]: line("both") });
  await memory.learn(main, await place.oid("work"));
  expect(await recall(place, memory, main, old)).toEqual({ [ODD]: line("both") });
  expect(await recall(place, memory, old, main)).toEqual({ [ODD]: line("both") });
  // The person's own memory, configuration and checkout are as they were.
  expect(existsSync(join(place.repo.commonDir, "rr-cache"))).toBe(false);
  expect(readFileSync(config, "utf8")).toBe(before);
  expect(await place.git("status", "--porcelain")).toBe("");
});

test("what was only looked for is not taken for settled", async () => {
  await using place = await conflicted();
  const memory = memoryOf(place);
  const [old, main] = [await place.oid("work"), await place.oid("main")];
  for (let time = 0; time < 3; time += 1)
    expect(await recall(place, memory, main, old)).toEqual({});
});

test("a file that a worker left with markers teaches nothing", async () => {
  await using place = await conflicted();
  const memory = memoryOf(place);
  const [old, main] = [await place.oid("work"), await place.oid("main")];
  await settle(place, "work", { [ODD]: `<<<<<<< HEAD\n${line("x")}=======\n>>>>>>> main\n` });
  await memory.learn(main, await place.oid("work"));
  expect(await recall(place, memory, main, old)).toEqual({});
});

test("what was forgotten is not recalled; the rest is", async () => {
  await using place = await createTestRepository({ "a.txt": LINES, "c.txt": LINES });
  await place.commitOn("work", { "a.txt": line("ours"), "c.txt": line("c-ours") });
  await place.commitOn("main", { "a.txt": line("theirs"), "c.txt": line("c-theirs") });
  await place.git("reset", "-q", "--hard");
  const memory = memoryOf(place);
  const [old, main] = [await place.oid("work"), await place.oid("main")];
  await settle(place, "work", { "a.txt": line("both"), "c.txt": line("c-both") });
  await memory.learn(main, await place.oid("work"));
  const { tree, conflicts } = await mergeWithConflicts(place.repo.root, main, old);
  const wrong = conflicts.filter(isTextConflict).filter(({ path }) => path === "a.txt");
  await memory.forget(tree, wrong);
  await memory.forget(tree, wrong);
  expect(await recall(place, memory, main, old)).toEqual({ "c.txt": line("c-both") });
});

test("a lock that a killed git left in it is no obstacle", async () => {
  await using place = await conflicted("a.txt");
  const memory = memoryOf(place);
  const [old, main] = [await place.oid("work"), await place.oid("main")];
  await recall(place, memory, main, old);
  const own = join(place.folder, "re 'solutions' ü", ".git");
  putFiles(own, { "index.lock": "", "MERGE_RR.lock": "" });
  expect(await recall(place, memory, main, old)).toEqual({});
});

test("a memory whose making was cut short is made anew", async () => {
  await using place = await conflicted("a.txt");
  const memory = memoryOf(place);
  const [old, main] = [await place.oid("work"), await place.oid("main")];
  const folder = join(place.folder, "re 'solutions' ü");
  // Where git was killed: not under the name by which the memory is known.
  putFiles(folder, { "half-made/config.lock": "", "half-made/HEAD.lock": "" });
  expect(await recall(place, memory, main, old)).toEqual({});
  expect(existsSync(join(folder, ".git", "HEAD"))).toBe(true);
  expect(existsSync(join(folder, "half-made"))).toBe(false);
});
