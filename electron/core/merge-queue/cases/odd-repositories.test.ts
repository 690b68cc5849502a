import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runGit } from "../../git/run-git.ts";
import { createTestRepository, putFiles } from "../../git/test-repository.ts";
import { check, createQueueFixture } from "../queue-fixture.ts";
import { runQueue, startQueue, untilState } from "./run-queue.ts";

test("with a sparse checkout of the person's the checks see every file, and it stays sparse", async () => {
  await using fixture = await createQueueFixture({
    files: { "a/one.txt": "1\n", "b/two.txt": "2\n" },
    project: { checks: [check("test -e a/one.txt && test -e b/two.txt && test -e b/three.txt")] },
  });
  const { place } = fixture;
  const { id } = await fixture.queueWork({ "a/more.txt": "m\n", "b/three.txt": "3\n" });
  await place.git("sparse-checkout", "set", "a");
  await startQueue(fixture);
  await untilState(fixture, id, "landed");
  expect(await place.git("sparse-checkout", "list")).toBe("a\n");
  expect(existsSync(join(place.repo.root, "a/more.txt"))).toBe(true);
  expect(existsSync(join(place.repo.root, "b"))).toBe(false);
  expect(await place.git("status", "--porcelain")).toBe("");
});

test("the checks see the submodules that the person has, and theirs stay as they are", async () => {
  await using library = await createTestRepository({ "inner.txt": "inner\n" });
  await using fixture = await createQueueFixture({
    project: { checks: [check("test -e lib/inner.txt")] },
  });
  const { place } = fixture;
  const allow = ["-c", "protocol.file.allow=always"];
  await place.git(...allow, "submodule", "--quiet", "add", library.repo.root, "lib");
  await place.git("commit", "-qm", "a submodule");
  place.write({ "lib/inner.txt": "mine\n" });
  const { id } = await fixture.queueWork({ "new.txt": "new\n" });
  await startQueue(fixture);
  await untilState(fixture, id, "landed");
  expect(readFileSync(join(place.repo.root, "lib/inner.txt"), "utf8")).toBe("mine\n");
});

test("two that change one file that LFS keeps are a conflict, and no pointer with markers lands", async () => {
  const pointer = (of: string) =>
    `version https://git-lfs.github.com/spec/v1\noid sha256:${of.repeat(64)}\nsize 1\n`;
  await using fixture = await runQueue({
    files: {
      ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n",
      "a.txt": "a\n",
      "x.bin": pointer("1"),
    },
  });
  const one = await fixture.queueWork({ "x.bin": pointer("2") });
  const other = await fixture.queueWork({ "x.bin": pointer("3") });
  await untilState(fixture, one.id, "landed");
  expect(await untilState(fixture, other.id, "returned")).toMatchObject({ files: ["x.bin"] });
  expect(await fixture.place.show("main", "x.bin")).toBe(pointer("2"));
});

test("a file that one renames and another edits has both, and a renamed folder is clean or named", async () => {
  await using fixture = await createQueueFixture({
    files: { "a.txt": "1\n2\n3\n4\n5\n6\n7\n8\n", "old/one.txt": "1\n", "old/two.txt": "2\n" },
    project: { checks: [check("! grep -r '<<<<<<<' .")] },
  });
  const moves = await fixture.queueWork({ "a.txt": null, "b.txt": "1\n2\n3\n4\n5\n6\n7\n8\n" });
  const edits = await fixture.queueWork({ "a.txt": "one\n2\n3\n4\n5\n6\n7\n8\n" });
  const folder = await fixture.queueWork({
    "old/one.txt": null,
    "old/two.txt": null,
    "new/one.txt": "1\n",
    "new/two.txt": "2\n",
  });
  const adds = await fixture.queueWork({ "old/three.txt": "3\n" });
  await startQueue(fixture);
  for (const { id } of [moves, edits, folder]) await untilState(fixture, id, "landed");
  expect(await fixture.place.show("main", "b.txt")).toBe("one\n2\n3\n4\n5\n6\n7\n8\n");
  const added = await fixture.until(adds.id, ({ state }) => /landed|returned/.test(state));
  const where = added.state === "landed" ? [] : ["new/three.txt"];
  expect(added.files).toEqual(where);
});

test("a repository below a path with spaces, quotes and words for a shell works like any other", async () => {
  await using fixture = await runQueue({ name: `it's "odd" – ü $(touch pwn) ; touch pwn` });
  const { place } = fixture;
  const { id } = await fixture.queueWork({ "new.txt": "new\n" });
  const entry = await untilState(fixture, id, "landed");
  expect(await place.oid("main")).toBe(entry.candidate);
  for (const folder of [place.folder, place.repo.root, process.cwd()]) {
    expect(existsSync(join(folder, "pwn"))).toBe(false);
  }
});

test("a target that is checked out in a linked worktree follows there, under the same rules", async () => {
  await using fixture = await createQueueFixture();
  const { place } = fixture;
  const linked = join(place.folder, "linked");
  await place.git("checkout", "-q", "-b", "elsewhere");
  await place.git("worktree", "add", "-q", linked, "main");
  putFiles(linked, { "b.txt": "mine\n", "loose.txt": "loose\n" });
  const free = await fixture.queueWork({ "new.txt": "new\n" });
  await startQueue(fixture);
  await untilState(fixture, free.id, "landed");
  expect(readFileSync(join(linked, "new.txt"), "utf8")).toBe("new\n");
  const blocked = await fixture.queueWork({ "b.txt": "theirs\n" });
  expect(await untilState(fixture, blocked.id, "held")).toMatchObject({ files: ["b.txt"] });
  expect(readFileSync(join(linked, "b.txt"), "utf8")).toBe("mine\n");
  await runGit(linked, ["checkout", "-q", "--", "b.txt"]);
  await untilState(fixture, blocked.id, "landed");
  expect(readFileSync(join(linked, "b.txt"), "utf8")).toBe("theirs\n");
  expect((await runGit(linked, ["status", "--porcelain"])).stdout).toBe("?? loose.txt\n");
});

test("a gc of the person's that throws away all that nothing keeps, in the middle of a run, costs the queue nothing", async () => {
  await using fixture = await createQueueFixture();
  const { root } = fixture.place.repo;
  fixture.change({ checks: [check(`git -C '${root}' gc -q --prune=now && test -e a.txt`)] });
  const ids = [];
  for (const file of ["1.txt", "2.txt", "3.txt"]) {
    ids.push((await fixture.queueWork({ [file]: `${file}\n` })).id);
  }
  await fixture.place.git("branch", "-D", "switchyard/t-2");
  await startQueue(fixture);
  for (const id of ids) await untilState(fixture, id, "landed");
});
