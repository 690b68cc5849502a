import { expect, onTestFinished, test, vi } from "vitest";
import type { EntryId } from "../../../../shared/model/ids.ts";
import { isBeingResolved, isForPersonToResolve } from "../../../../shared/model/resolution.ts";
import { type Clock, systemClock } from "../../base/clock.ts";
import { silentLog } from "../../base/log.ts";
import { listRefs } from "../../git/repository.ts";
import { runGit } from "../../git/run-git.ts";
import { type Files, putFiles } from "../../git/test-repository.ts";
import type { EntryRecord, TaskRecord } from "../../store/store.ts";
import { check, createQueueFixture, openQueue, type QueueFixture } from "../queue-fixture.ts";
import { queueRef } from "../queue-ref.ts";
import { mergeOn } from "./merge-on.ts";

const SUM = "sum.test.ts";
const sums = (...names: string[]) => names.map((name) => `test("${name}", sum);\n`).join("");
const RESOLVING = { isOn: () => true, hasWorker: () => false };

/** The second of two branches that add a test at the same place; the first has landed. */
async function begin(options: { readonly check?: string; readonly clock?: Clock } = {}) {
  const queue = await createQueueFixture({
    files: { "a.txt": "a\n", [SUM]: sums("adds") },
    project: { checks: [check(options.check ?? "true")] },
    parts: { resolving: RESOLVING, ...(options.clock ? { clock: options.clock } : {}) },
  });
  onTestFinished(() => queue[Symbol.asyncDispose]());
  const first = await queue.queueWork({ [SUM]: sums("adds", "theirs") });
  const second = await queue.queueWork({ [SUM]: sums("adds", "ours") });
  await queue.queue.settle(AbortSignal.timeout(60_000));
  await queue.until(first.id, ({ state }) => state === "landed");
  await queue.until(second.id, isBeingResolved);
  return { ...queue, entry: second };
}
type World = Pick<QueueFixture, "store" | "queue" | "place" | "until"> & {
  readonly entry: EntryRecord;
};

/** The `number`th resolver of the entry, once there is one that satisfies the condition. */
function untilResolver(
  { store, entry }: World,
  number: number,
  isMet: (task: TaskRecord) => boolean = () => true,
): Promise<TaskRecord> {
  const branch = `switchyard/resolve-${entry.id}-${number}`;
  return new Promise((resolve) => {
    const look = () => {
      const task = store.tasks.list().find((each) => each.branch === branch);
      if (!task || !isMet(task)) return;
      stop();
      resolve(task);
    };
    const stop = store.onCommit(look);
    look();
  });
}

/** What the worker of a resolver does: it merges, and hands that in. Gives why it is not taken. */
async function handIn(world: World, task: TaskRecord, files: Files, summary = "Both.") {
  const { store, queue, place } = world;
  const result = await mergeOn(place, task.branch ?? "", files);
  const why = await queue.conflicts.resolvers.inspect(task, result, summary);
  if (why !== null) return why;
  store.write("test", () => {
    store.tasks.update(task.id, { status: "queued" });
    queue.conflicts.resolvers.take(task);
  });
  return null;
}

const resolutionsOf = ({ store, place }: World, id: EntryId) =>
  listRefs(place.repo, queueRef(store, "res", `${id}/`));

/** Each is some fifty short git commands and checks of real branches. */
const PATIENCE_MS = 300_000;
vi.setConfig({ testTimeout: PATIENCE_MS });

test("a conflict is resolved by a worker of its own, tested and landed; the work stays as it was", async () => {
  const world = await begin();
  const { entry, place, until } = world;
  const task = await untilResolver(world, 1);
  expect(task).toMatchObject({
    status: "ready",
    title: "Resolve: switchyard/t-2",
    labels: ["resolve"],
  });
  expect(await place.oid(task.branch ?? "")).toBe(entry.head);
  const reason = `a resolver works on its conflict with main (${task.id})`;
  await until(entry.id, (now) => now.reason === reason);
  for (const told of [
    "git merge main",
    `- ${SUM}`,
    "||||||| ",
    '    test("theirs", sum);',
    "   - true",
  ]) {
    expect(task.body).toContain(told);
  }

  expect(await handIn(world, task, { [SUM]: sums("adds", "theirs", "ours") })).toBe(null);
  const landed = await until(entry.id, ({ state }) => state === "landed");
  expect(await place.show("main", SUM)).toBe(sums("adds", "theirs", "ours"));
  expect(await place.oid("switchyard/t-2")).toBe(entry.head);
  expect(await resolutionsOf(world, entry.id)).toHaveLength(1);
  const done = await untilResolver(world, 1, ({ status }) => status === "landed");
  expect(done.landed?.commit).toBe(landed.candidate);
});

test("a resolution without the other side's test is not taken, nor one that leaves marks or touches more", async () => {
  const world = await begin();
  const task = await untilResolver(world, 1);
  const told = await handIn(world, task, { [SUM]: sums("adds", "ours") });
  expect(told).toContain(`- ${SUM} has lost the test "theirs"`);
  expect(await handIn(world, task, { [SUM]: `<<<<<<< HEAD\n${sums("adds")}` })).toContain("marks");
  const both = sums("adds", "theirs", "ours");
  const more = { [SUM]: both, "a.txt": "b\n" };
  expect(await handIn(world, task, more)).toContain("a.txt is not in conflict and was not named");
  expect(await resolutionsOf(world, world.entry.id)).toEqual([]);
  expect(world.store.entries.find(world.entry.id)).toSatisfy(isBeingResolved);
  expect(await handIn(world, task, {}, "Both.\nAlso changed: a.txt: it counts them")).toBe(null);
  await world.until(world.entry.id, ({ state }) => state === "landed");
});

test("work that was put anew or never met the target is not taken", async () => {
  const world = await begin();
  const { entry, place, queue } = world;
  const task = await untilResolver(world, 1);
  expect(await queue.conflicts.resolvers.inspect(task, entry.head, "")).toContain(
    "still conflicts with main",
  );
  const main = await place.oid("main");
  expect(await queue.conflicts.resolvers.inspect(task, main, "")).toContain(
    "no longer in your branch",
  );
});

test("after two resolvers that failed a person is asked, and nobody else", async () => {
  const world = await begin();
  const { store, entry } = world;
  for (const number of [1, 2]) {
    const { id } = await untilResolver(world, number);
    const why = `gave up ${number}`;
    store.write("test", () => store.tasks.update(id, { status: "failed", reason: why }));
  }
  const held = await world.until(entry.id, isForPersonToResolve);
  expect(held).toMatchObject({ state: "held", files: [SUM] });
  expect(held.reason).toContain(`switchyard queue resolve ${entry.id}`);
  const second = await untilResolver(world, 2);
  expect(second.body).toContain("    gave up 1");
  expect(store.tasks.list().filter(({ labels }) => labels.includes("resolve"))).toHaveLength(2);
});

test("a resolution that fails a check goes to a second resolver with what the check said", async () => {
  const world = await begin({ check: `grep -c adds ${SUM} && ! grep -q both ${SUM}` });
  const { entry } = world;
  const task = await untilResolver(world, 1);
  const red = sums("adds", "theirs", "ours", "both");
  expect(await handIn(world, task, { [SUM]: red })).toBe(null);
  const second = await untilResolver(world, 2);
  expect(second.body).toContain('the check "check" fails');
  expect((await untilResolver(world, 1)).status).toBe("cancelled");
  const good = { [SUM]: sums("adds", "theirs", "ours") };
  expect(await handIn(world, second, good)).toBe(null);
  await world.until(entry.id, ({ state }) => state === "landed");
  expect(await world.place.show("main", SUM)).toBe(good[SUM]);
});

test("a resolver whose entry was taken out has nothing to do any more", async () => {
  const world = await begin();
  const task = await untilResolver(world, 1);
  world.queue.remove(world.entry.id);
  await untilResolver(world, 1, ({ status }) => status === "cancelled");
  const told = await world.queue.conflicts.resolvers.inspect(task, world.entry.head, "");
  expect(told).toContain("has left the queue");
});

test("a resolver that has worked for more than an hour is ended, and the next one begins", async () => {
  let aheadMs = 0;
  const now = () => new Date(Date.now() + aheadMs);
  const world = await begin({ clock: { ...systemClock, now } });
  const { id } = await untilResolver(world, 1);
  aheadMs = 61 * 60_000;
  world.store.write("test", () => world.store.tasks.update(id, { status: "running" }));
  const second = await untilResolver(world, 2);
  expect(second.body).toContain("It took more than an hour");
  expect(world.store.tasks.find(id)?.status).toBe("cancelled");
});

test("a person who resolves it first ends the resolver, and their work lands", async () => {
  const world = await begin();
  const { entry, place, queue, until } = world;
  await untilResolver(world, 1);
  const { folder } = await queue.conflicts.hands.open(entry.id);
  putFiles(folder, { [SUM]: sums("adds", "theirs", "ours") });
  await runGit(folder, ["add", "-A"]);
  expect((await queue.conflicts.hands.take(entry.id)).id).toBe(entry.id);
  await until(entry.id, ({ state }) => state === "landed");
  await untilResolver(world, 1, ({ status }) => status === "cancelled");
  expect(await place.show("main", SUM)).toBe(sums("adds", "theirs", "ours"));
});

test("what a person decides while a resolver hands in counts, also after its work was taken", async () => {
  const world = await begin();
  const { entry, store, queue } = world;
  const task = await untilResolver(world, 1);
  const both = { [SUM]: sums("adds", "theirs", "ours") };
  const result = await mergeOn(world.place, task.branch ?? "", both);
  const { reason } = store.entries.find(entry.id) ?? entry;
  const patch = (change: Partial<EntryRecord>) =>
    store.write("test", () => store.entries.update(entry.id, change));
  const inspecting = queue.conflicts.resolvers.inspect(task, result, "Both.");
  patch({ reason: "looked at" });
  expect(await inspecting).toContain("was resolved otherwise");
  expect(await resolutionsOf(world, entry.id)).toEqual([]);

  patch({ reason });
  expect(await queue.conflicts.resolvers.inspect(task, result, "Both.")).toBe(null);
  store.write("test", () => {
    store.tasks.update(task.id, { status: "queued" });
    queue.conflicts.resolvers.take(task);
    store.entries.update(entry.id, { state: "held", reason: "looked at" });
  });
  const { folder } = await queue.conflicts.hands.open(entry.id);
  putFiles(folder, both);
  await runGit(folder, ["add", "-A"]);
  await queue.conflicts.hands.take(entry.id);
  expect(store.tasks.find(task.id)?.status).toBe("cancelled");
  expect(await resolutionsOf(world, entry.id)).toHaveLength(2);
});

test("a core that dies while resolvers are at work is followed by one that goes on, with no second one", async () => {
  const world = await begin();
  const { entry, home, place } = world;
  await untilResolver(world, 1);
  await world.queue.dispose();
  const next = openQueue(home, silentLog, "auto", { resolving: RESOLVING });
  onTestFinished(async () => {
    await next.queue.dispose();
    next.store.close();
  });
  await next.queue.settle(AbortSignal.timeout(60_000));
  const again = { ...world, ...next };
  const task = await untilResolver(again, 1);
  await handIn(again, task, { [SUM]: sums("adds", "theirs", "ours") });
  await untilResolver(again, 1, ({ status }) => status === "landed");
  expect(next.store.entries.find(entry.id)?.state).toBe("landed");
  expect(next.store.tasks.list()).toHaveLength(3);
  expect(await place.oid("switchyard/t-2")).toBe(entry.head);
});
