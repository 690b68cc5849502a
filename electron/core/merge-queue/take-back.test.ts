import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type EntryId, ProjectName } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { check, createQueueFixture, openQueue, type QueueFixture } from "./queue-fixture.ts";

const APP = ProjectName.parse("app");
const ODD = `it's "odd" – ü $(touch pwn).txt`;

async function start(project: Partial<Project> = {}) {
  const fixture = await createQueueFixture({ project });
  await fixture.queue.settle(new AbortController().signal);
  return fixture;
}
async function land(fixture: QueueFixture, files: Record<string, string | null>) {
  const { id } = await fixture.queueWork(files);
  return fixture.until(id, ({ state }) => state === "landed");
}
const landed = (fixture: QueueFixture, id: EntryId) =>
  fixture.until(id, ({ state }) => state === "landed");
const taskOf = ({ store }: QueueFixture, id: EntryId) => {
  const entry = store.entries.find(id);
  return entry && store.tasks.find(entry.task);
};

for (const policy of ["merge", "squash", "rebase"] as const) {
  test(`work that landed by ${policy} is reverted by an entry of its own, tested and landed like any other`, async () => {
    await using fixture = await start({ land: policy });
    const { queue, place } = fixture;
    const first = await land(fixture, { "a.txt": "changed\n", [ODD]: "new\n" });
    await land(fixture, { "b.txt": "later\n" });

    const entry = await queue.reverts.revert(first.id, false);
    expect(entry).toMatchObject({ branch: `switchyard/revert-${first.id}`, state: "queued" });
    const done = await landed(fixture, entry.id);
    expect(done.checks).toMatchObject([{ exitCode: 0 }]);
    expect(await place.show("main", "a.txt")).toBe("a\n");
    expect(await place.show("main", "b.txt")).toBe("later\n");
    expect(await place.git("ls-tree", "--name-only", "main")).toBe("a.txt\nb.txt\n");
    const title = fixture.store.tasks.find(first.task)?.title;
    expect(taskOf(fixture, entry.id)).toMatchObject({
      title: `Revert: ${title}`,
      status: "landed",
      labels: ["revert"],
    });
    expect(await place.git("log", "-1", "--format=%B", "main")).toContain(
      `This reverts commit ${first.candidate}.`,
    );
    expect(await place.git("for-each-ref", "refs/switchyard/branch/")).toBe("");
    await expect(queue.reverts.revert(first.id, false)).rejects.toThrow("holds nothing of what");
  });
}

test("a revert is reverted, and the work is there again", async () => {
  await using fixture = await start();
  const first = await land(fixture, { "a.txt": "changed\n" });
  const back = await fixture.queue.reverts.revert(first.id, false);
  await landed(fixture, back.id);
  const again = await fixture.queue.reverts.revert(back.id, false);
  await landed(fixture, again.id);
  expect(await fixture.place.show("main", "a.txt")).toBe("changed\n");
});

test("what came after a landing and touches the same files is named first; a flag goes on", async () => {
  await using fixture = await start();
  const { queue, place, store } = fixture;
  const lines = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
  const first = await land(fixture, { [ODD]: lines });
  const second = await land(fixture, { [ODD]: `${lines}10\n`, "b.txt": "b2\n" });
  await land(fixture, { "c.txt": "c\n" });
  const { id: waited } = await fixture.queueWork({ "d.txt": "d\n" }, { after: [first.task] });
  await landed(fixture, waited);

  const { dependents, commit, conflicts } = await queue.reverts.plan(first.id);
  expect(commit).toBe(first.candidate);
  expect(conflicts).toEqual([ODD]);
  expect(dependents).toMatchObject([
    { entry: second.id, task: second.task, files: [ODD] },
    { entry: waited, files: [], commit: null },
  ]);
  const before = store.tasks.list().length;
  await expect(queue.reverts.revert(first.id, false)).rejects.toThrow(
    `Some of what came after ${first.id} may build on it: ${second.id} (${second.task})`,
  );
  // The second one appended to a file that would go: that is a conflict of its own, and it is named.
  await expect(queue.reverts.revert(first.id, true)).rejects.toThrow(`same lines in ${ODD}`);
  expect(store.tasks.list()).toHaveLength(before);
  expect(await place.git("branch", "--list", "switchyard/revert-*")).toBe("");

  const entry = await queue.reverts.revert(second.id, true);
  await landed(fixture, entry.id);
  expect(await place.show("main", ODD)).toBe(lines);
});

test("a revert that fails a check comes back as work for a worker, on its branch, and is made once", async () => {
  await using fixture = await start();
  const { queue, store, place } = fixture;
  const first = await land(fixture, { "needed.txt": "x\n" });
  fixture.change({ checks: [check("test -e needed.txt")] });
  const entry = await queue.reverts.revert(first.id, false);
  await expect(queue.reverts.revert(first.id, false)).rejects.toThrow("is being reverted already");
  await fixture.until(entry.id, ({ state }) => state === "returned");
  const task = store.tasks.find(entry.task);
  expect(task).toMatchObject({ status: "ready", branch: entry.branch, attempts: 1 });
  expect(await place.oid(entry.branch)).toBe(entry.head);
  await expect(queue.reverts.revert(first.id, false)).rejects.toThrow("is being reverted already");
});

test("a revert that a person took out of the queue is in no other's way, which puts an end to it", async () => {
  await using fixture = await start({ approve: "human" });
  const { queue, store } = fixture;
  const { id } = await fixture.queueWork({ "a.txt": "changed\n" });
  await fixture.until(id, ({ state }) => state === "awaiting-approval");
  queue.approve(id);
  await landed(fixture, id);
  const first = await queue.reverts.revert(id, false);
  await fixture.until(first.id, ({ state }) => state === "awaiting-approval");
  queue.remove(first.id);
  // As the gateway does with it.
  store.write("test", () => store.tasks.update(first.task, { status: "needs-input" }));

  const second = await queue.reverts.revert(id, false);
  expect(taskOf(fixture, first.id)?.status).toBe("cancelled");
  await expect(queue.reverts.revert(id, false)).rejects.toThrow("is being reverted already");
  await fixture.until(second.id, ({ state }) => state === "awaiting-approval");
  queue.approve(second.id);
  await landed(fixture, second.id);
});

test("what is not landed, unknown, or brought nothing, is not reverted", async () => {
  await using fixture = await start({ approve: "human" });
  const { queue } = fixture;
  const { id } = await fixture.queueWork({ "a.txt": "x\n" });
  await fixture.until(id, ({ state }) => state === "awaiting-approval");
  await expect(queue.reverts.revert(id, false)).rejects.toMatchObject({ code: "wrong-state" });
  // A well-formed id of no entry.
  await expect(queue.reverts.plan("q-99" as EntryId)).rejects.toMatchObject({ code: "not-found" });
});

test("the last landing is undone: target and checkout stand where they stood, the person's files stay", async () => {
  await using fixture = await start();
  const { queue, store, place } = fixture;
  const start0 = await place.oid("main");
  const first = await land(fixture, { "a.txt": "one\n", [ODD]: "new\n" });
  const middle = await place.oid("main");
  const second = await land(fixture, { "a.txt": "two\n" });
  place.write({ "b.txt": "mine\n" });

  expect(await queue.undos.plan(APP)).toMatchObject({
    entries: [second.id],
    before: middle,
    target: "main",
    holders: [],
  });
  const undone = await queue.undos.undo(APP, false);
  expect(undone).toMatchObject([
    { id: second.id, state: "removed", reason: "its landing was undone" },
  ]);
  expect(await place.oid("main")).toBe(middle);
  expect(await place.git("status", "--porcelain")).toBe(" M b.txt\n");
  expect(store.tasks.find(second.task)).toMatchObject({ status: "needs-input", landed: null });
  const kept = await place.git("for-each-ref", "--format=%(objectname)", "refs/switchyard/undone/");
  expect(kept.trim()).toBe(second.candidate);

  await queue.undos.undo(APP, false);
  expect(await place.oid("main")).toBe(start0);
  expect(store.entries.find(first.id)).toMatchObject({ state: "removed" });
  await expect(queue.undos.plan(APP)).rejects.toThrow("Nothing has landed on main");
  expect(readFileSync(join(place.repo.root, "b.txt"), "utf8")).toBe("mine\n");
});

async function refuse(
  arrange: (fixture: QueueFixture) => Promise<unknown> | unknown,
  message: string,
) {
  await using fixture = await start();
  await land(fixture, { "a.txt": "one\n" });
  await arrange(fixture);
  const tip = await fixture.place.oid("main");
  await expect(fixture.queue.undos.undo(APP, false)).rejects.toThrow(message);
  expect(await fixture.place.oid("main")).toBe(tip);
  expect(fixture.store.entries.list().map(({ state }) => state)).toContain("landed");
}

test("a landing that a remote has is not undone", () =>
  refuse(
    ({ place }) => place.git("update-ref", "refs/remotes/origin/main", "main"),
    "origin/main has it already",
  ));
test("a landing that something came after is not undone", () =>
  refuse(
    ({ place }) => place.git("commit", "-q", "--allow-empty", "-m", "mine"),
    "main has moved on since",
  ));
test("a landing is not undone over a change of the person's to the same file", () =>
  refuse(({ place }) => place.write({ "a.txt": "mine\n" }), "The checkout is in the way"));
test("a landing that open work began on top of is undone only when that is said", async () => {
  const holder = async ({ place, store }: QueueFixture) => {
    await place.git("branch", "switchyard/t-9", "main");
    store.write("test", () => {
      const [task] = store.tasks.list();
      if (!task) throw new Error("there is a task");
      const { id } = store.tasks.insert({ ...task, title: "next", status: "running", after: [] });
      store.tasks.update(id, { branch: "switchyard/t-9" });
    });
  };
  await refuse(holder, "(switchyard/t-9)");
  await using fixture = await start();
  const before = await fixture.place.oid("main");
  await land(fixture, { "a.txt": "one\n" });
  await holder(fixture);
  await fixture.queue.undos.undo(APP, true);
  expect(await fixture.place.oid("main")).toBe(before);
});

test("work whose landing was undone is no hot fix any more", async () => {
  await using fixture = await start({ approve: "human" });
  const { queue, store } = fixture;
  const { id, task, branch, head } = await fixture.queueWork({ "a.txt": "one\n" });
  queue.hotfix(id, true);
  await fixture.until(id, ({ state }) => state === "awaiting-approval");
  queue.approve(id);
  await landed(fixture, id);
  await queue.undos.undo(APP, false);
  const work = { project: APP, task, branch, head, attempt: 2, priority: 3, summary: null };
  const again = store.write("test", () => queue.enqueue(work));
  expect(again.hotfixAt).toBeNull();
});

test("an undo that was cut short after the target moved is told by the next core", async () => {
  await using fixture = await start();
  const { place, home } = fixture;
  const before = await place.oid("main");
  const { id, task } = await land(fixture, { "a.txt": "one\n" });
  await fixture.queue.dispose();
  fixture.store.close();
  await place.git("reset", "-q", "--hard", before);

  const next = openQueue(home);
  await next.queue.settle(new AbortController().signal);
  expect(next.store.entries.find(id)).toMatchObject({ state: "removed" });
  expect(next.store.tasks.find(task)).toMatchObject({ status: "needs-input" });
  await next.queue.dispose();
  next.store.close();
});

test("of what landed together one is reverted by itself, and an undo takes all of it back", async () => {
  await using fixture = await createQueueFixture({});
  const { queue, place, store } = fixture;
  const before = await place.oid("main");
  const ids: EntryId[] = [];
  for (const name of ["x", "y", "z"]) {
    ids.push((await fixture.queueWork({ [`${name}.txt`]: name })).id);
  }
  await queue.settle(new AbortController().signal);
  for (const id of ids) await landed(fixture, id);
  expect(store.landings.listDone(APP)).toHaveLength(1);

  const [first, middle, last] = ids;
  if (!first || !middle || !last) throw new Error("there are three");
  expect((await queue.undos.plan(APP)).entries).toEqual(ids);
  const revert = await queue.reverts.revert(middle, false);
  await landed(fixture, revert.id);
  expect(await place.git("ls-tree", "--name-only", "main")).toBe("a.txt\nb.txt\nx.txt\nz.txt\n");

  expect((await queue.undos.undo(APP, false)).map(({ id }) => id)).toEqual([revert.id]);
  // The revert's own task is open again, and its branch was begun on top of the three.
  await expect(queue.undos.undo(APP, false)).rejects.toThrow(revert.branch);
  expect((await queue.undos.undo(APP, true)).map(({ id }) => id)).toEqual(ids);
  expect(await place.oid("main")).toBe(before);
  expect(await place.git("status", "--porcelain")).toBe("");
});
