import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { EntryId } from "../../../../shared/model/ids.ts";
import { runGit } from "../../git/run-git.ts";
import { putFiles } from "../../git/test-repository.ts";
import { check, createQueueFixture } from "../queue-fixture.ts";

/** Each is some fifty short git commands and checks of real branches. */
vi.setConfig({ testTimeout: 300_000 });

/** The second of two branches that change one line has come back to its worker. */
async function begin() {
  const world = await createQueueFixture({
    files: { "a.txt": "a\n", "b c.txt": "one\n" },
    project: { checks: [check("true")] },
  });
  onTestFinished(() => world[Symbol.asyncDispose]());
  const first = await world.queueWork({ "b c.txt": "theirs\n" });
  const second = await world.queueWork({ "b c.txt": "ours\n" });
  await world.queue.settle(AbortSignal.timeout(60_000));
  await world.until(first.id, ({ state }) => state === "landed");
  const entry = await world.until(second.id, ({ state }) => state === "returned");
  const hands = world.queue.conflicts.hands;
  /** In its own index, which the person's settings do not reach. */
  const git = (folder: string, ...args: string[]) => runGit(folder, args);
  return { ...world, entry, hands, git };
}

test("what a person makes of a conflict is tested and lands, and the branch stays as it was", async () => {
  const { entry, hands, git, place, until, store, queue, home } = await begin();
  const { folder, files } = await hands.open(entry.id);
  expect(files).toEqual(["b c.txt"]);
  const marked = (await git(folder, "diff", "--", "b c.txt")).stdout;
  for (const part of ["<<<<<<< ", "ours", "||||||| ", "one", "theirs"]) {
    expect(marked).toContain(part);
  }
  putFiles(folder, { "b c.txt": "both\n" });
  await git(folder, "add", "--", "b c.txt");
  await queue.conflicts.chosen.keepDraft(entry.id, []);
  const again = await hands.take(entry.id);
  await until(again.id, ({ state }) => state === "landed");
  await queue.conflicts.leftovers.sweep();
  const draft = join(home, "worktrees", "app", ".drafts", `${entry.head}.json`);
  expect(existsSync(draft)).toBe(false);
  expect(await place.show("main", "b c.txt")).toBe("both\n");
  expect(await place.oid(entry.branch)).toBe(entry.head);
  expect(existsSync(folder)).toBe(false);
  expect(store.tasks.find(entry.task)?.status).toBe("landed");
});

test("a commit of the person's own counts as it is, and what they worked on is still there when they come back", async () => {
  const { entry, hands, git, place, until } = await begin();
  const { folder } = await hands.open(entry.id);
  putFiles(folder, { "b c.txt": "mine\n" });
  expect((await hands.open(entry.id)).folder).toBe(folder);
  await git(folder, "add", "--", "b c.txt");
  await git(folder, "commit", "-qm", "By hand");
  await hands.open(entry.id);
  const again = await hands.take(entry.id);
  await until(again.id, ({ state }) => state === "landed");
  expect(await place.show("main", "b c.txt")).toBe("mine\n");
});

test("what is not done yet is refused with the files, and nothing is lost", async () => {
  const { entry, hands, git } = await begin();
  await expect(hands.take(entry.id)).rejects.toThrow("Nothing was prepared to resolve q-2.");
  const { folder } = await hands.open(entry.id);
  await expect(hands.take(entry.id)).rejects.toThrow("are still in conflict: b c.txt.");
  await git(folder, "add", "--", "b c.txt");
  await expect(hands.take(entry.id)).rejects.toThrow("b c.txt still holds the marks");
  putFiles(folder, { "b c.txt": "both\n", "new.txt": "new\n" });
  await expect(hands.take(entry.id)).rejects.toThrow(
    "are changed and not part of it: b c.txt, new.txt.",
  );
  expect(existsSync(join(folder, "new.txt"))).toBe(true);
  await hands.giveUp(entry.id);
  expect(existsSync(folder)).toBe(false);
  await expect(hands.giveUp(entry.id)).rejects.toThrow("Nothing was prepared to resolve q-2.");
});

test("a target that moved on meanwhile, or work that is not in it any more, is refused with the way on", async () => {
  const { entry, hands, git, place } = await begin();
  const { folder } = await hands.open(entry.id);
  putFiles(folder, { "b c.txt": "both\n" });
  await git(folder, "add", "--", "b c.txt");
  await git(folder, "commit", "-qm", "By hand");
  const moved = await place.commitOn("later", { "b c.txt": "later\n" });
  await place.git("merge", "-q", "--ff-only", moved);
  await expect(hands.take(entry.id)).rejects.toThrow("It still conflicts with main in b c.txt");
  await git(folder, "checkout", "-q", "--detach", moved);
  await expect(hands.take(entry.id)).rejects.toThrow("does not hold the work of q-2");
});

test("where a worker is at it, or nothing conflicts, no person is let in", async () => {
  const { entry, hands, store, queueWork, until } = await begin();
  store.write("test", () => store.tasks.update(entry.task, { status: "running" }));
  await expect(hands.open(entry.id)).rejects.toThrow("went back to its worker: t-2 is running.");
  const landed = await queueWork({ "new.txt": "new\n" });
  await until(landed.id, ({ state }) => state === "landed");
  await expect(hands.open(landed.id)).rejects.toThrow("it has left the queue");
  await expect(hands.giveUp(landed.id)).rejects.toMatchObject({
    code: "wrong-state",
    message: "q-3 is landed, and nothing is left of a conflict of it.",
  });
  await expect(hands.open(EntryId.parse("q-99"))).rejects.toThrow("There is no queue entry q-99.");
});

test("a person's resolution that fails a check comes back with what they can do next", async () => {
  const { entry, hands, git, change, until } = await begin();
  const { folder } = await hands.open(entry.id);
  putFiles(folder, { "b c.txt": "both\n", bad: "bad\n" });
  await git(folder, "add", "--", "b c.txt", "bad");
  change({ checks: [check("test ! -e bad", "unit")] });
  const again = await hands.take(entry.id);
  const { reason } = await until(again.id, ({ state }) => state === "returned");
  expect(reason).toBe(
    `a check fails: unit: exit code 1; that is with your resolution of its conflict: resolve it anew with switchyard queue resolve ${again.id}, or leave it to its worker`,
  );
});

test("a worktree of an entry that left otherwise is taken away as it was made, and stays with what a person made", async () => {
  const { entry, hands, store, queue, home } = await begin();
  const { folder } = await hands.open(entry.id);
  const { leftovers, chosen } = queue.conflicts;
  await leftovers.sweep();
  expect(existsSync(folder), "it can still be resolved").toBe(true);
  await chosen.keepDraft(entry.id, []);
  const draft = join(home, "worktrees", "app", ".drafts", `${entry.head}.json`);
  store.write("test", () => store.entries.update(entry.id, { state: "removed" }));
  putFiles(folder, { "b c.txt": "mine\n" });
  await leftovers.sweep();
  expect([existsSync(folder), existsSync(draft)]).toEqual([true, true]);
  const left = `conflicts with main; what you made for its conflict is still in ${folder}: to remove it: switchyard queue resolve q-2 --give-up`;
  expect(store.entries.find(entry.id)?.reason).toBe(left);
  await hands.giveUp(entry.id);
  expect(store.entries.find(entry.id)?.reason).toBe("conflicts with main");

  store.write("test", () => store.entries.update(entry.id, { state: "returned" }));
  await hands.open(entry.id);
  store.write("test", () => store.entries.update(entry.id, { state: "removed" }));
  await leftovers.sweep();
  expect(existsSync(folder)).toBe(false);
});
