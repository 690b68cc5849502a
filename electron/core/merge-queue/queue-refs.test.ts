import { expect, test } from "vitest";
import { ProjectName } from "../../../shared/model/ids.ts";
import { revertBranch } from "../../../shared/model/take-back.ts";
import { systemClock } from "../base/clock.ts";
import { listRefs } from "../git/repository.ts";
import { KEPT_MS } from "./plan-ref-sweep.ts";
import { createQueueFixture, type QueueFixture } from "./queue-fixture.ts";
import { QueueRefs } from "./queue-refs.ts";

const APP = ProjectName.parse("app");

/** What a core that starts so much later does. */
async function lookAfter({ store, place }: QueueFixture, laterMs: number): Promise<unknown[]> {
  const failures: unknown[] = [];
  const refs = new QueueRefs(APP, {
    store,
    clock: { ...systemClock, now: () => new Date(Date.now() + laterMs) },
    repository: async () => place.repo,
    report: (error) => failures.push(error),
  });
  await refs.lookAfter(store.entries.list({ project: APP, isOpen: true }));
  return failures;
}

const namesOf = async ({ place, store }: QueueFixture) =>
  (await listRefs(place.repo, "refs/switchyard/")).map((ref) =>
    ref.replace("refs/switchyard/", "").replace(`${store.identity}/`, ""),
  );

test("what was kept of landed work and of its revert goes a month later; what is open, or waited for, stays", async () => {
  await using fixture = await createQueueFixture();
  const { queue, place } = fixture;
  await queue.settle(new AbortController().signal);
  const landed = await fixture.queueWork({ "one.txt": "1\n" });
  await fixture.until(landed.id, ({ state }) => state === "landed");
  const parent = await fixture.queueWork({ "two.txt": "2\n" });
  await fixture.until(parent.id, ({ state }) => state === "landed");
  const revert = await queue.reverts.revert(landed.id, true);
  await fixture.until(revert.id, ({ state }) => state === "landed");
  queue.pause(APP);
  const open = await fixture.queueWork({ "three.txt": "3\n" }, { after: [parent.task] });

  expect(await lookAfter(fixture, KEPT_MS - 60_000)).toEqual([]);
  expect(await namesOf(fixture)).toEqual(
    expect.arrayContaining(["undo/1", "undo/2", "undo/3", "work/q-1/1", "work/q-2/1"]),
  );
  expect(await place.git("branch", "--list", revertBranch(landed.id))).not.toBe("");
  await lookAfter(fixture, KEPT_MS + 60_000);
  expect((await namesOf(fixture)).filter((name) => !name.startsWith("cand/"))).toEqual([
    "undo/2",
    "work/q-2/1",
    `work/${open.id}/1`,
  ]);
  expect(await place.git("branch", "--list", revertBranch(landed.id))).toBe("");
  expect(await place.git("branch", "--list", "switchyard/t-1")).not.toBe("");
});

test("a revert whose branch a person moved stays theirs", async () => {
  await using fixture = await createQueueFixture();
  const { queue, place } = fixture;
  await queue.settle(new AbortController().signal);
  const landed = await fixture.queueWork({ "one.txt": "1\n" });
  await fixture.until(landed.id, ({ state }) => state === "landed");
  const revert = await queue.reverts.revert(landed.id, false);
  await fixture.until(revert.id, ({ state }) => state === "landed");
  const mine = await place.commitOn(revert.branch, { "mine.txt": "mine\n" });
  await lookAfter(fixture, KEPT_MS + 60_000);
  expect(await place.oid(`refs/heads/${revert.branch}`)).toBe(mine);
});

test("a queued commit that is gone keeps no other from being kept, and is told once", async () => {
  await using fixture = await createQueueFixture();
  const { store } = fixture;
  const [gone, there] = [
    await fixture.queueWork({ "one.txt": "1\n" }),
    await fixture.queueWork({ "two.txt": "2\n" }),
  ];
  const open = [{ ...gone, head: "f".repeat(40) }, there];
  const failures: unknown[] = [];
  const refs = new QueueRefs(APP, {
    store,
    clock: systemClock,
    repository: async () => fixture.place.repo,
    report: (error) => failures.push(error),
  });
  await refs.lookAfter(open);
  await refs.lookAfter(open);
  expect(failures).toHaveLength(1);
  expect(await namesOf(fixture)).toEqual([`work/${there.id}/1`]);
});
