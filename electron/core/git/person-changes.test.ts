import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { carryChanges } from "./carry-changes.ts";
import { checkpointWorktree } from "./checkpoint.ts";
import {
  commitChanges,
  readCarried,
  readPersonChanges,
  readSettled,
  saveCarried,
  stashChanges,
  writeSettled,
} from "./person-changes.ts";
import { rescueWorktree } from "./rescue-worktree.ts";
import { runGit } from "./run-git.ts";
import { createTestRepository, putFiles, type TestRepository } from "./test-repository.ts";
import { addWorktree, removeWorktree } from "./worktree.ts";

async function add(place: TestRepository, from = "main"): Promise<string> {
  const path = join(place.folder, "trees", "t-1");
  const at = await place.oid(from);
  await addWorktree({ repo: place.repo, path, branch: "switchyard/t-1", from: at, reason: "t-1" });
  return path;
}

/** Everything of the person's that must stay byte for byte. */
function ownThings({ repo }: TestRepository) {
  const read = (name: string) => {
    const file = join(repo.commonDir, name);
    return existsSync(file) ? readFileSync(file).toString("hex") : null;
  };
  const files = readdirSync(repo.root, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile() && !each.parentPath.includes(".git"))
    .map((each) => join(each.parentPath, each.name))
    .sort()
    .map((file) => [file, readFileSync(file, "utf8")]);
  const git = ["HEAD", "index", "refs/stash", "logs/refs/stash", "refs/heads/main", "config"];
  return { files, git: git.map((name) => [name, read(name)]) };
}

test("a person's HEAD, index, stash and files are byte-identical around everything but commit and stash", async () => {
  await using place = await createTestRepository({
    "a.txt": "a\n",
    "b.txt": "b\n",
    "c.txt": "c\n",
  });
  place.write({ "a.txt": "stashed\n" });
  await place.git("stash", "push", "-q");
  place.write({ "b.txt": "staged\n" });
  await place.git("add", "b.txt");
  place.write({ "b.txt": "staged and changed\n", "c.txt": null, "new.txt": "new\n" });
  const before = ownThings(place);

  const { fingerprint, files } = await readPersonChanges(place.repo);
  expect(files.map((file) => file.path)).toEqual(["b.txt", "c.txt", "new.txt"]);
  const saved = await saveCarried(place.repo);
  await writeSettled(place.repo, { choice: "carry", fingerprint });
  const path = await add(place);
  expect(await carryChanges(place.repo, path, saved)).toMatchObject({ kind: "carried" });
  await checkpointWorktree({ repo: place.repo, path, task: "t-1", seen: null });
  await rescueWorktree(place.repo, path, "t-1");
  await removeWorktree(place.repo, path);
  expect(ownThings(place)).toEqual(before);
  expect((await readPersonChanges(place.repo)).fingerprint).toBe(fingerprint);
});

test("carried changes are uncommitted in a new worktree, untracked files too", async () => {
  await using place = await createTestRepository({ "a.txt": "a\n", "gone.txt": "g\n" });
  place.write({ "a.txt": "changed\n", "gone.txt": null, "new.txt": "new\n" });
  const saved = await saveCarried(place.repo);
  const path = await add(place);
  const carried = await carryChanges(place.repo, path, saved);
  expect(carried).toEqual({ kind: "carried", files: ["a.txt", "gone.txt", "new.txt"] });
  const { stdout } = await runGit(path, ["status", "--porcelain"]);
  expect(stdout).toBe(" M a.txt\n D gone.txt\n?? new.txt\n");
  // Again, as after a crash in between.
  expect(await carryChanges(place.repo, path, saved)).toEqual(carried);
});

test("only what was uncommitted is carried where the person is on another branch", async () => {
  await using place = await createTestRepository({ "a.txt": "1\n2\n3\n4\n5\n6\n7\n8\n9\n" });
  await place.git("switch", "-q", "-c", "feature");
  place.write({ "feature.txt": "committed on the feature\n" });
  await place.git("add", ".");
  await place.git("commit", "-qm", "feature");
  place.write({ "a.txt": "1\n2\n3\n4\n5\n6\n7\n8\nnine\n" });
  const saved = await saveCarried(place.repo);
  await place.commitOn("main", { "a.txt": "one\n2\n3\n4\n5\n6\n7\n8\n9\n" });
  const path = await add(place);
  await carryChanges(place.repo, path, saved);
  expect(readFileSync(join(path, "a.txt"), "utf8")).toBe("one\n2\n3\n4\n5\n6\n7\n8\nnine\n");
  expect(existsSync(join(path, "feature.txt"))).toBe(false);
});

test("changes that do not fit are named, and the worktree stays as it was", async () => {
  await using place = await createTestRepository({ "a.txt": "a\n", "b.txt": "b\n" });
  place.write({ "a.txt": "mine\n", "b.txt": "fits\n" });
  const saved = await saveCarried(place.repo);
  await place.commitOn("main", { "a.txt": "theirs\n" });
  const path = await add(place);
  const carried = await carryChanges(place.repo, path, saved);
  expect(carried).toEqual({ kind: "conflict", files: ["a.txt"] });
  expect((await runGit(path, ["status", "--porcelain"])).stdout).toBe("");
});

test("commit and stash do what they say, in one step", async () => {
  await using place = await createTestRepository();
  place.write({ "a.txt": "changed\n", "new.txt": "new\n" });
  await commitChanges(place.repo, "main", "my own words");
  expect(await place.git("log", "-1", "--format=%s %an")).toBe("my own words Ada\n");
  place.write({ "a.txt": "changed again\n", "more.txt": "more\n" });
  await stashChanges(place.repo, "before the workers");
  expect((await readPersonChanges(place.repo)).files).toEqual([]);
  expect(await place.git("stash", "list")).toContain("before the workers");
});

test("a commit that new worktrees would not get is refused, and so is one in the middle of a merge", async () => {
  await using place = await createTestRepository();
  await place.git("switch", "-q", "-c", "feature");
  place.write({ "a.txt": "changed\n" });
  const before = ownThings(place);
  await expect(commitChanges(place.repo, "main", "m")).rejects.toMatchObject({
    code: "wrong-state",
    message: expect.stringContaining("feature"),
  });
  expect(ownThings(place)).toEqual(before);

  const head = await place.oid("HEAD");
  putFiles(place.repo.commonDir, { MERGE_HEAD: `${head}\n` });
  const stashing = stashChanges(place.repo, "m");
  await expect(stashing).rejects.toMatchObject({ message: expect.stringContaining("A merge") });
  rmSync(join(place.repo.commonDir, "MERGE_HEAD"));
});

test("a choice is remembered with what it was made for, until it is taken back", async () => {
  await using place = await createTestRepository();
  expect(await readSettled(place.repo)).toBeNull();
  await writeSettled(place.repo, { choice: "leave", fingerprint: "f1" });
  expect(await readSettled(place.repo)).toEqual({ choice: "leave", fingerprint: "f1" });
  place.write({ "a.txt": "changed\n" });
  const saved = await saveCarried(place.repo);
  expect(await readCarried(place.repo)).toBe(saved);
  await writeSettled(place.repo, null);
  expect(await readSettled(place.repo)).toBeNull();
  expect(await readCarried(place.repo)).toBeNull();
});

test("a commit that git refuses leaves what is staged, changed and new as it was", async () => {
  await using place = await createTestRepository();
  await place.git("config", "commit.gpgSign", "true");
  appendFileSync(join(place.repo.commonDir, "config"), "[gpg]\n\tprogram = /bin/false\n");
  place.write({ "a.txt": "staged\n" });
  await place.git("add", "a.txt");
  place.write({ "a.txt": "not staged\n", "secret.txt": "s\n" });
  const before = await place.git("status", "--porcelain");
  await expect(commitChanges(place.repo, "main", "m")).rejects.toThrow();
  expect(await place.git("status", "--porcelain")).toBe(before);
  await place.git("config", "commit.gpgSign", "false");
  await commitChanges(place.repo, "main", "m");
  expect(await place.git("status", "--porcelain")).toBe("");
});

test("a commit waits for nobody: what another git has locked is named", async () => {
  await using place = await createTestRepository();
  putFiles(place.repo.commonDir, { "index.lock": "" });
  place.write({ "a.txt": "changed\n" });
  await expect(commitChanges(place.repo, "main", "m")).rejects.toMatchObject({
    code: "wrong-state",
    message: expect.stringContaining("index.lock"),
  });
});
