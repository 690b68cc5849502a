import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { EntryId } from "../../../shared/model/ids.ts";
import type { EntryRecord } from "../store/store.ts";
import { createQueueFixture, isIn, openQueue, start, untilEntry } from "./queue-fixture.ts";
import { recordRuns } from "./recorded-runs.ts";

/** A person with a change of their own in `b.txt`, and a queue of batches of one that would land a change of it first. */
async function open(size = 1) {
  const fixture = await createQueueFixture({ size });
  const { place } = fixture;
  const recorded = recordRuns(fixture, "test ! -e bad");
  place.write({ "b.txt": "mine\n" });
  return {
    fixture,
    ...recorded,
    free: () => place.write({ "b.txt": "b\n" }),
    held: (id: EntryId) => fixture.until(id, isIn("held")),
    clash: () => fixture.queueWork({ "b.txt": "theirs\n", f1: "1\n" }),
  };
}

test("on top of a batch that the checkout holds three more are tested; all land in order without another run", async () => {
  const { fixture, free, runs, landed, held, clash } = await open();
  await using _ = fixture;
  const first = await clash();
  const more: EntryRecord[] = [];
  for (const file of ["f2", "f3", "f4", "f5"])
    more.push(await fixture.queueWork({ [file]: `${file}\n` }));
  const [two, three, four, five] = more as [EntryRecord, EntryRecord, EntryRecord, EntryRecord];
  await start(fixture);
  expect(await held(first.id)).toMatchObject({ files: ["b.txt"] });
  for (const { id } of [two, three, four]) {
    expect((await held(id)).reason).toBe("its checks passed; the checkout is in the way of q-1");
  }
  expect(runs()).toEqual(["f1", "f1 f2", "f1 f2 f3", "f1 f2 f3 f4"]);
  expect(fixture.store.entries.find(five.id)?.state).toBe("queued");
  expect(await landed()).toEqual([]);
  free();
  await fixture.until(five.id, isIn("landed"));
  expect(await landed()).toEqual(["q-1", "q-2", "q-3", "q-4", "q-5"]);
  // Only the fifth was not tested before.
  expect(runs()).toHaveLength(5);
}, 240_000);

test("what is held never lands once it is removed; what stood on it is planned anew without it", async () => {
  const { fixture, runs, landed, held, clash } = await open();
  await using _ = fixture;
  const first = await clash();
  const second = await fixture.queueWork({ f2: "2\n" });
  await start(fixture);
  await held(second.id);
  fixture.queue.remove(first.id);
  await fixture.until(second.id, isIn("landed"));
  expect(await landed()).toEqual([second.id]);
  expect(runs()).toEqual(["f1", "f1 f2", "f2"]);
  expect(readFileSync(join(fixture.place.repo.root, "b.txt"), "utf8")).toBe("mine\n");
}, 240_000);

test("one that is held by hand in the middle gives up only what stands on it", async () => {
  const { fixture, free, landed, held, clash } = await open();
  await using _ = fixture;
  const first = await clash();
  const second = await fixture.queueWork({ f2: "2\n" });
  const third = await fixture.queueWork({ f3: "3\n" });
  await start(fixture);
  await held(third.id);
  fixture.queue.hold(second.id);
  free();
  await fixture.until(third.id, isIn("landed"));
  expect(await landed()).toEqual([first.id, third.id]);
  expect(fixture.store.entries.find(second.id)?.reason).toBe("held by a person");
}, 240_000);

test("nobody goes back for what fails on top of held work; after the landing it is judged as ever", async () => {
  const { fixture, free, landed, held, clash } = await open(4);
  await using _ = fixture;
  const first = await clash();
  await start(fixture);
  await held(first.id);
  const bad = await fixture.queueWork({ bad: "bad\n" });
  const aside = await fixture.until(
    bad.id,
    ({ reason }) => reason?.includes("fail on top of") ?? false,
  );
  expect(aside.state).toBe("queued");
  const good = await fixture.queueWork({ f3: "3\n" });
  await held(good.id);
  free();
  await fixture.until(bad.id, isIn("returned"));
  await fixture.until(good.id, isIn("landed"));
  expect(await landed()).toEqual([first.id, good.id]);
}, 240_000);

test("what conflicts with held work says that the checkout is why, and is tried again after the landing", async () => {
  const { fixture, free, landed, held, clash } = await open();
  await using _ = fixture;
  const first = await clash();
  await start(fixture);
  await held(first.id);
  const { id } = await fixture.queueWork({ f1: "another\n" });
  const { state } = await fixture.until(
    id,
    ({ reason }) => reason?.includes("what your checkout holds back (q-1)") ?? false,
  );
  expect(state).toBe("queued");
  free();
  expect((await fixture.until(id, isIn("returned"))).reason).toBe("conflicts with main");
  expect(await landed()).toEqual([first.id]);
}, 240_000);

test("a commit of the person's on the target gives up what was tested, and all of it lands on top", async () => {
  const { fixture, landed, held, clash } = await open();
  await using _ = fixture;
  const { place } = fixture;
  const first = await clash();
  const second = await fixture.queueWork({ f2: "2\n" });
  await start(fixture);
  await held(second.id);
  place.write({ "b.txt": "b\n", mine: "mine\n" });
  await place.git("add", "mine");
  await place.git("commit", "-q", "-m", "mine");
  await fixture.until(second.id, isIn("landed"));
  expect(await landed()).toEqual([first.id, second.id]);
}, 240_000);

test("after a restart what was held is built anew, and lands in order once it may", async () => {
  const { fixture, free, landed, held, clash } = await open();
  await using _ = fixture;
  const first = await clash();
  const second = await fixture.queueWork({ f2: "2\n" });
  await start(fixture);
  await held(second.id);
  await fixture.queue.dispose();
  const { store, queue } = openQueue(fixture.home, undefined, 1);
  await queue.settle(new AbortController().signal);
  await untilEntry(store, second.id, isIn("held"));
  free();
  await untilEntry(store, second.id, isIn("landed"));
  expect(await landed()).toEqual([first.id, second.id]);
  await queue.dispose();
  store.close();
}, 240_000);

test("a hot fix overtakes what is held, also in a freeze, and a hot fix that is held itself keeps its turn", async () => {
  const { fixture, free, landed, held, clash } = await open();
  await using _ = fixture;
  const first = await clash();
  await start(fixture);
  await held(first.id);
  const urgent = await fixture.queueWork({ f2: "2\n" });
  fixture.queue.hotfix(urgent.id, true);
  await fixture.until(urgent.id, isIn("landed"));
  await held(first.id);
  fixture.queue.hotfix(first.id, true);
  fixture.queue.gate.freeze(first.project, null);
  const other = await fixture.queueWork({ f3: "3\n" });
  fixture.queue.hotfix(other.id, true);
  await held(other.id);
  free();
  await fixture.until(other.id, isIn("landed"));
  expect(await landed()).toEqual([urgent.id, first.id, other.id]);
}, 240_000);
