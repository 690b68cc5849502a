import { expect, test } from "vitest";
import { changedFiles, commitMessages, countCommits, readPatch } from "./diff.ts";
import { createTestRepository } from "./test-repository.ts";

test("a patch longer than asked for is cut behind a whole line, and says so", async () => {
  await using place = await createTestRepository();
  const from = await place.oid("main");
  const to = await place.commitOn("work", { "b.txt": "a line\n".repeat(500) });
  const whole = await readPatch(place.repo, from, to, 1_000_000);
  expect(whole).toMatchObject({ isCut: false, patch: expect.stringContaining("+a line") });
  const cut = await readPatch(place.repo, from, to, 300);
  expect(cut.isCut).toBe(true);
  expect(cut.patch.length).toBeLessThanOrEqual(300);
  expect(cut.patch.endsWith("\n")).toBe(true);
  expect(whole.patch.startsWith(cut.patch)).toBe(true);
});

test("changed files are told with both sides", async () => {
  await using place = await createTestRepository();
  const from = await place.oid("main");
  const to = await place.commitOn("work", { "a.txt": null, "ü\n.txt": "x\n" });
  const changed = await changedFiles(place.repo, from, to);
  expect(changed).toMatchObject([
    { path: "a.txt", old: { mode: "100644" }, new: null },
    { path: "ü\n.txt", old: null, new: { mode: "100644" } },
  ]);
});

test("commits are counted and read oldest first", async () => {
  await using place = await createTestRepository();
  const from = await place.oid("main");
  await place.commitOn("work", { "b.txt": "1\n" }, "one\n\nbecause");
  const to = await place.commitOn("work", { "b.txt": "2\n" }, "two");
  expect(await countCommits(place.repo, from, to)).toBe(2);
  const messages = await commitMessages(place.repo, from, to);
  expect(messages.map(({ subject, body }) => [subject, body])).toEqual([
    ["one", "because"],
    ["two", ""],
  ]);
});
