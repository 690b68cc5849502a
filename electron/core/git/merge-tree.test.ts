import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { mergeTree } from "./merge-tree.ts";
import { conflictedPaths } from "./merged-tree.ts";
import { putOldGit } from "./old-git-fixture.ts";
import { probeGit, requireGit } from "./probe-git.ts";
import { openRepository } from "./repository.ts";
import { createTestRepository, type Files } from "./test-repository.ts";
import { addWorktree, listWorktrees } from "./worktree.ts";

const LINES = "one\ntwo\nthree\nfour\nfive\n";
const START: Files = { "a.txt": LINES, "b.txt": LINES, "dir/c.txt": "c\n", "log.md": "# Log\n" };

async function checkBoth(ours: Files, theirs: Files, files: readonly string[], start = START) {
  await using place = await createTestRepository(start);
  const [one, other] = [await place.commitOn("one", ours), await place.commitOn("other", theirs)];
  const now = await mergeTree(place.repo.root, one, other);
  const before = (await place.git("status", "--porcelain", "--ignored")).trim();
  using _old = putOldGit(place.folder);
  const old = await mergeTree(place.repo.root, one, other);
  expect(conflictedPaths(old)).toEqual([...files]);
  expect(old.isClean).toBe(files.length === 0);
  expect({ ...old, tree: "" }).toEqual({ ...now, tree: "" });
  // Markers name the sides in another way.
  if (old.isClean) expect(old.tree).toBe(now.tree);
  expect((await place.git("status", "--porcelain", "--ignored")).trim()).toBe(before);
  expect((await listWorktrees(place.repo)).length).toBe(1);
}

test("an older git merges what meets nowhere, and files that moved on one side, to the same tree", () =>
  checkBoth(
    { "a.txt": `zero\n${LINES}`, "new.txt": "n\n" },
    { "b.txt": null, "d/b.txt": LINES },
    [],
  ));

test("an older git tells of the same conflicts: lines, what one side deleted, what both added", async () => {
  await checkBoth({ "a.txt": "ours\n" }, { "a.txt": "theirs\n" }, ["a.txt"]);
  await checkBoth({ "b.txt": null }, { "b.txt": `${LINES}more\n` }, ["b.txt"]);
  await checkBoth({ "new.txt": "1\n" }, { "new.txt": "2\n" }, ["new.txt"]);
});

test("an older git merges by the attributes of the side that is merged into, and of nothing else", () => {
  const start = { ...START, ".gitattributes": "*.md merge=union\n" };
  return checkBoth({ "log.md": "# Log\n- ours\n" }, { "log.md": "# Log\n- theirs\n" }, [], start);
});

test("nothing is left of a merge by an older git, and one that git refuses is told as that", async () => {
  await using place = await createTestRepository();
  using _old = putOldGit(place.folder);
  const main = await place.oid("main");
  const alone = (await place.git("commit-tree", `${main}^{tree}`, "-m", "unrelated")).trim();
  const scratches = () =>
    readdirSync(tmpdir()).filter((each) => each.startsWith("switchyard-merge-"));
  const before = scratches();
  await expect(mergeTree(place.repo.root, main, alone)).rejects.toThrow("unrelated histories");
  await expect(mergeTree(place.repo.root, main, "f".repeat(40))).rejects.toThrow("git merge");
  expect(scratches()).toEqual(before);
});

test("what a git can do is told by what it can, and one that lacks too much is refused", async () => {
  await using place = await createTestRepository();
  expect(await probeGit()).toMatchObject({ service: "full" });
  {
    using _old = putOldGit(place.folder);
    expect(await probeGit()).toEqual({ version: "2.34.1", service: "limited" });
    await expect(requireGit()).resolves.toBeUndefined();
    const path = `${place.folder}/linked tree`;
    await addWorktree({
      repo: place.repo,
      path,
      branch: "side",
      from: await place.oid("main"),
      reason: "r",
    });
    expect(await openRepository(path)).toEqual(place.repo);
    expect((await listWorktrees(place.repo)).at(1)).toMatchObject({ branch: "side", lock: "r" });
  }
  using _older = putOldGit(place.folder, "2.17.1");
  expect(await probeGit()).toMatchObject({ service: "none" });
  await expect(requireGit()).rejects.toMatchObject({
    code: "executable-missing",
    message: expect.stringContaining("git 2.17.1 is too old"),
    hint: expect.stringContaining("Install git 2.31"),
  });
});
