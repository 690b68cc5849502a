import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Instant, ProjectName } from "../../../shared/model/ids.ts";
import type { LandPolicy } from "../../../shared/model/project.ts";
import { dataFolder } from "../base/data-folder.ts";
import { PASSED } from "./describe-batch.ts";
import { check, createQueueFixture, fillQueue, openQueue, untilEntry } from "./queue-fixture.ts";

const APP = ProjectName.parse("app");
const never = new AbortController().signal;
const FILES = ["", "-wal", "-shm"];

/** A queue whose store is taken away under it; `again` is what the next core finds. */
async function createLosable(land: LandPolicy) {
  const fixture = await createQueueFixture({
    project: { land },
    unaudited: "its store is taken away",
  });
  const { place, home } = fixture;
  await fixture.queue.settle(never);
  const opened: ReturnType<typeof openQueue>[] = [];
  return {
    fixture,
    async land(files: Record<string, string>) {
      const { id } = await fixture.queueWork(files);
      return fixture.until(id, ({ state }) => state === "landed");
    },
    /** With the copy in its place, or without any. */
    async again(copy: string | null) {
      await fixture.queue.dispose();
      fixture.store.close();
      const { db, storeMark } = dataFolder(home);
      for (const ending of FILES) rmSync(`${db}${ending}`, { force: true });
      rmSync(storeMark);
      if (copy !== null) copyFileSync(copy, db);
      const next = openQueue(home);
      opened.push(next);
      return next;
    },
    commits: async () =>
      (await place.git("log", "--first-parent", "--format=%s", "main")).trim().split("\n"),
    async [Symbol.asyncDispose]() {
      for (const { queue, store } of opened) {
        await queue.dispose();
        store.close();
      }
      await fixture.queue.dispose();
      fixture.store.close();
      await place[Symbol.asyncDispose]();
    },
  };
}

test("with an older copy of the store nothing lands twice, also what was taken away again since", async () => {
  await using world = await createLosable("squash");
  const { fixture } = world;
  const { queue, store, place, home } = fixture;
  await world.land({ "one.txt": "1\n" });
  queue.pause(APP);
  const two = await fixture.queueWork({ "two.txt": "2\n" });
  const copy = join(home, "copy.db");
  await store.backup(copy);
  queue.resume(APP);
  await fixture.until(two.id, ({ state }) => state === "landed");
  const three = await world.land({ "three.txt": "3\n" });
  await world.land({ "two.txt": "other\n" });
  await place.git("checkout", "-q", "main");
  await place.git("rm", "-q", "two.txt");
  await place.git("commit", "-qm", "mine: two is not wanted");
  const before = await world.commits();

  const next = await world.again(copy);
  next.store.write("test", () => {
    const { queue: state } = next.store.projects.find(APP) ?? {};
    if (state) next.store.projects.update(APP, { queue: { ...state, state: "running" } });
  });
  await next.queue.settle(never);
  await untilEntry(next.store, two.id, ({ state }) => state === "landed");
  expect(await world.commits()).toEqual(before);
  expect(next.store.entries.find(three.id)).toMatchObject({
    state: "landed",
    candidate: three.candidate,
    head: three.head,
    task: three.task,
  });
  expect(next.store.tasks.find(three.task)).toMatchObject({
    status: "landed",
    landed: { commit: three.candidate },
  });
  await next.queue.rebuilds.settle(never);
  expect(next.store.landings.listDone(APP)).toHaveLength(4);
});

test("without a store what landed is known again, can be taken back, and what waited is a person's to send out", async () => {
  await using world = await createLosable("merge");
  const { fixture } = world;
  const { queue, place } = fixture;
  await world.land({ "one.txt": "1\n" });
  queue.pause(APP);
  const [two, three] = [
    await fixture.queueWork({ "two.txt": "2\n" }),
    await fixture.queueWork({ "three.txt": "3\n" }),
  ];
  queue.resume(APP);
  await fixture.until(three.id, ({ state }) => state === "landed");
  queue.pause(APP);
  const waiting = await fixture.queueWork({ "four.txt": "4\n" });
  const nameless = await fixture.queueWork({ "five.txt": "5\n" }, { branch: "mine/five" });
  // Tested as far as that goes, so it is kept.
  await fixture.until(nameless.id, ({ reason }) => reason === PASSED);
  const before = await world.commits();

  const next = await world.again(null);
  fillQueue(next.store, place.repo.root, []);
  await next.queue.settle(never);
  expect(next.store.entries.list()).toEqual([]);
  const rebuilt = await next.queue.rebuilds.rebuild(APP);
  expect(rebuilt).toMatchObject({ landed: ["q-1", "q-2", "q-3"], skipped: 0, waiting: ["t-4"] });
  expect(rebuilt.kept).toEqual([expect.stringMatching(/^refs\/switchyard\/work\/.*\/q-5\/1$/)]);
  expect(next.store.tasks.find(waiting.task)).toMatchObject({
    status: "needs-input",
    branch: waiting.branch,
  });
  expect(next.store.entries.find(two.id)).toMatchObject({ state: "landed", head: two.head });
  // As every window and command wants times to be written.
  for (const { since } of next.store.entries.list()) expect(Instant.parse(since)).toBe(since);
  for (const { landed } of next.store.tasks.list()) if (landed) Instant.parse(landed.at);
  expect(await next.queue.undos.plan(APP)).toMatchObject({ entries: ["q-2", "q-3"] });
  expect(await next.queue.reverts.plan(two.id)).toMatchObject({ conflicts: [] });
  expect(await next.queue.rebuilds.rebuild(APP)).toMatchObject({ landed: [], waiting: [] });

  // Its number is given to nobody else, and its work is on the target already.
  const again = next.store.write("test", () => {
    const task = next.store.tasks.insert({
      ...{ project: APP, plan: null, title: "again", body: "", status: "queued", reason: null },
      ...{ priority: 3, after: [], labels: [], paths: [], pinnedProfile: null, model: null },
      acceptance: [],
    });
    const { branch, head } = two;
    const entry = { project: APP, task: task.id, branch, head, attempt: 1, priority: 3 };
    return next.queue.enqueue({ ...entry, summary: null });
  });
  expect([again.id, again.task]).toEqual(["q-4", "t-5"]);
  const ended = await untilEntry(next.store, again.id, ({ state }) => state === "landed");
  expect(ended.reason).toBe("the target has all of it already");
  expect(await world.commits()).toEqual(before);
});

test("what another data folder landed on the same repository stays its own until a person asks for it", async () => {
  await using world = await createLosable("merge");
  const { fixture } = world;
  const { place, store } = fixture;
  await world.land({ "one.txt": "1\n" });
  const other = openQueue(join(place.folder, "other"));
  try {
    fillQueue(
      other.store,
      place.repo.root,
      [await place.commitOn("mine/two", { "two.txt": "2\n" })],
      {
        checks: [check("true")],
      },
    );
    await other.queue.settle(never);
    const [entry] = other.store.entries.list();
    if (!entry) throw new Error("nothing was queued");
    await untilEntry(other.store, entry.id, ({ state }) => state === "landed");
    expect(other.store.entries.list()).toHaveLength(1);
    // Both have a q-1: this one's own keeps the number, and the other's is told of.
    expect(await other.queue.rebuilds.rebuild(APP)).toMatchObject({ landed: [], skipped: 0 });
    expect(store.entries.list()).toHaveLength(1);
    expect(await fixture.queue.rebuilds.rebuild(APP)).toMatchObject({ landed: [], skipped: 0 });
  } finally {
    await other.queue.dispose();
    other.store.close();
  }
});
