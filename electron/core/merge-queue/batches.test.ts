import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { EntryRecord } from "../store/store.ts";
import { auditTarget } from "./audit-target.ts";
import { check, createQueueFixture, isIn, start } from "./queue-fixture.ts";

/** Green while no file named `bad…` is there, and not both `left` and `right`. */
const TRUTH = "test -z \"$(ls | grep '^bad')\" && ! { test -e left && test -e right; }";

/** A queue whose checks write one line for each run: what they found there. */
async function open(more: Parameters<typeof createQueueFixture>[0] = {}) {
  const fixture = await createQueueFixture(more);
  const runsFile = join(fixture.place.folder, "runs");
  const noting = `echo $(ls | grep -v -e a.txt -e b.txt) >> ${runsFile}; ${TRUTH}`;
  fixture.change({ checks: [check(noting, "unit")] });
  return {
    fixture,
    runs: () =>
      existsSync(runsFile) ? readFileSync(runsFile, "utf8").split("\n").slice(0, -1) : [],
    queue: async (...files: readonly string[]) => {
      const entries: EntryRecord[] = [];
      for (const file of files) entries.push(await fixture.queueWork({ [file]: `${file}\n` }));
      return entries;
    },
    /** Waits until every entry is in one of these states, then audits the target. */
    async settled(entries: readonly EntryRecord[], ...states: readonly EntryRecord["state"][]) {
      const ended: EntryRecord[] = [];
      for (const { id } of entries) {
        ended.push(await fixture.until(id, ({ state }) => states.includes(state)));
      }
      const audit = auditTarget(fixture.place.repo.root, fixture.place.folder, TRUTH);
      expect(audit.red).toEqual([]);
      expect(audit.landed).toEqual([...new Set(audit.landed)]);
      expect(fixture.store.landings.listOpen()).toEqual([]);
      const landed = ended.filter(isIn("landed")).map(({ id }) => id);
      expect(audit.landed.toSorted()).toEqual(landed.toSorted());
      return { ended, audit };
    },
  };
}
const eight = ["f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8"] as const;
const withBad = (...bad: readonly number[]) =>
  eight.map((file, at) => (bad.includes(at + 1) ? `bad-${at + 1}` : file));

test("eight clean branches are one run and one landing, in order", async () => {
  const { fixture, queue, runs, settled } = await open();
  await using _ = fixture;
  const entries = await queue(...eight);
  await start(fixture);
  const first = await fixture.until(
    entries[0]?.id as EntryRecord["id"],
    ({ batch }) => batch !== null,
  );
  expect(first.reason).toBe("tested together with 7 others");
  expect(first.batch).toEqual({ entries: entries.map(({ id }) => id), testing: 8 });
  const { audit } = await settled(entries, "landed");
  expect(audit.landed).toEqual(entries.map(({ id }) => id));
  expect(runs()).toHaveLength(1);
  const [landing] = fixture.store.landings.listDone(first.project);
  expect(landing).toMatchObject({ entries: entries.map(({ id }) => id) });
  expect(fixture.store.landings.listDone(first.project)).toHaveLength(1);
  await fixture.queue.dispose();
  expect(await fixture.place.git("for-each-ref", "refs/switchyard/cand")).toBe("");
  for (const { id } of entries) {
    expect((await fixture.queue.log(id, 0)).text).toContain("q-1, q-2");
  }
}, 240_000);

test("of eight with a bad one seven land, and the bad one goes back after two runs alone", async () => {
  const { fixture, queue, runs, settled } = await open();
  await using _ = fixture;
  const entries = await queue(...withBad(3));
  await start(fixture);
  const { ended } = await settled(entries, "landed", "returned");
  const returned = ended.filter(isIn("returned"));
  expect(returned).toMatchObject([{ reason: "a check fails: unit: exit code 1", batch: null }]);
  expect(returned[0]?.id).toBe(entries[2]?.id);
  expect(runs().length).toBeLessThanOrEqual(6);
  expect(runs().filter((run) => run === "bad-3 f1 f2")).toHaveLength(2);
}, 240_000);

test("two bad ones side by side go back, six land", async () => {
  const { fixture, queue, settled } = await open();
  await using _ = fixture;
  const entries = await queue(...withBad(4, 5));
  await start(fixture);
  const { ended } = await settled(entries, "landed", "returned");
  expect(ended.flatMap(({ state }, at) => (state === "returned" ? [at + 1] : []))).toEqual([4, 5]);
}, 240_000);

test("where all are bad none lands and the target stays where it is", async () => {
  const { fixture, queue, settled } = await open();
  await using _ = fixture;
  const before = await fixture.place.oid("main");
  const entries = await queue("bad-1", "bad-2", "bad-3");
  await start(fixture);
  await settled(entries, "returned");
  expect(await fixture.place.oid("main")).toBe(before);
}, 240_000);

test("of two that are green alone and red together the first lands, and the second goes back naming it", async () => {
  const { fixture, queue, settled } = await open();
  await using _ = fixture;
  const { store } = fixture;
  const [left, right] = await queue("left", "right");
  if (!left || !right) throw new Error("two were queued");
  const [command = ""] = store.projects
    .list()
    .flatMap(({ checks }) => checks.map(({ run }) => run));
  const passed = { name: "unit", command, exitCode: 0, reason: null, durationMs: 1, tail: "" };
  store.write("test", () => store.tasks.update(right.task, { checks: [passed] }));
  await start(fixture);
  const { ended } = await settled([left, right], "landed", "returned");
  expect(ended.map(({ state }) => state)).toEqual(["landed", "returned"]);
  expect(ended[1]?.reason).toBe(`fails together with ${left.id}: unit: exit code 1`);
  const handback = store.tasks.find(right.task)?.handback;
  expect(handback).toContain("It passed on your branch alone");
  expect(handback).toContain(`- ${left.id}: switchyard/t-1`);
}, 240_000);

test("a conflict with a batch-mate waits for it to land, and is told then", async () => {
  const { fixture, queue, settled, runs } = await open();
  await using _ = fixture;
  const [mate] = await queue("f1");
  const clash = await fixture.queueWork({ f1: "another\n" });
  const [other] = await queue("f3");
  if (!mate || !other) throw new Error("three were queued");
  await start(fixture);
  const { ended } = await settled([mate, clash, other], "landed", "returned");
  expect(ended.map(({ state }) => state)).toEqual(["landed", "returned", "landed"]);
  expect(ended[1]).toMatchObject({ reason: "conflicts with main", files: ["f1"] });
  expect(runs()).toEqual(["f1 f3"]);
}, 240_000);

test("a conflict with a batch-mate that goes back is none any more", async () => {
  const { fixture, settled } = await open();
  await using _ = fixture;
  const bad = await fixture.queueWork({ "bad-1": "x\n", f1: "1\n" });
  const clash = await fixture.queueWork({ f1: "another\n" });
  await start(fixture);
  const { ended } = await settled([bad, clash], "landed", "returned");
  expect(ended.map(({ state }) => state)).toEqual(["returned", "landed"]);
}, 240_000);

test("a check that fails a whole batch once, for no reason, sends nobody back", async () => {
  const { fixture, queue, settled } = await open();
  await using _ = fixture;
  const flag = join(fixture.place.folder, "ran-before");
  fixture.change({ checks: [check(`test -e ${flag} || { touch ${flag}; exit 1; }`, "flaky")] });
  const entries = await queue("f1", "f2", "f3");
  await start(fixture);
  await settled(entries, "landed");
  const events = fixture.store.events.newest(500);
  expect(events.filter(({ kind }) => kind === "queue.flaky")).toHaveLength(1);
}, 240_000);

test("a target that is red halts a batch, nobody goes back, and what was held against it is forgotten", async () => {
  const { fixture, queue, settled } = await open();
  await using _ = fixture;
  const mended = join(fixture.place.folder, "mended");
  fixture.change({ checks: [check(`test -e ${mended}`, "unit")] });
  const entries = await queue("f1", "f2", "f3", "f4");
  await start(fixture);
  const project = await fixture.untilProject(({ queue: { state } }) => state === "paused");
  expect(project.queue.reason).toBe("main is red: unit: exit code 1");
  for (const { id } of entries) await fixture.until(id, isIn("queued"));
  writeFileSync(mended, "");
  fixture.queue.resume(project.name);
  await settled(entries, "landed");
}, 240_000);

test("a pause while a batch is checked lands nothing; going on lands it all without another run", async () => {
  const { fixture, queue, settled } = await open();
  await using _ = fixture;
  const [goOn, runsFile] = ["go-on", "ran"].map((name) => join(fixture.place.folder, name));
  const waiting = `echo ran >> ${runsFile}; while [ ! -e ${goOn} ]; do sleep 0.05; done`;
  fixture.change({ checks: [check(waiting)] });
  const before = await fixture.place.oid("main");
  const entries = await queue("f1", "f2", "f3");
  const [first] = entries;
  if (!first || !goOn || !runsFile) throw new Error("three were queued");
  await start(fixture);
  await fixture.until(first.id, ({ batch }) => batch !== null);
  fixture.queue.pause(first.project, "paused by you");
  writeFileSync(goOn, "");
  for (const { id } of entries) {
    await fixture.until(id, ({ state, reason }) => state === "queued" && reason !== null);
  }
  expect(await fixture.place.oid("main")).toBe(before);
  fixture.queue.resume(first.project);
  await settled(entries, "landed");
  expect(readFileSync(runsFile, "utf8")).toBe("ran\n");
}, 240_000);

test("what a person takes out of a batch under check is blamed for nothing, nor are the others", async () => {
  const { fixture, queue, settled } = await open();
  await using _ = fixture;
  const goOn = join(fixture.place.folder, "go-on");
  fixture.change({
    checks: [check(`test ! -e f2 || while [ ! -e ${goOn} ]; do sleep 0.05; done`)],
  });
  const entries = await queue("f1", "f2", "f3");
  const [first, second, third] = entries;
  if (!first || !second || !third) throw new Error("three were queued");
  await start(fixture);
  await fixture.until(second.id, ({ batch }) => batch !== null);
  fixture.queue.hold(second.id);
  await settled([first, third], "landed");
  expect(fixture.store.entries.find(second.id)).toMatchObject({ state: "held", batch: null });
  writeFileSync(goOn, "");
  fixture.queue.release(second.id);
  await settled([first, third, second], "landed");
}, 240_000);

test("a file of the person's in the way holds the batch and names the one that touches it; it lands in order once it is gone", async () => {
  const { fixture, queue, runs, settled } = await open();
  await using _ = fixture;
  const { place } = fixture;
  place.write({ "b.txt": "mine\n" });
  const [first] = await queue("f1");
  const clash = await fixture.queueWork({ "b.txt": "theirs\n" });
  const [third] = await queue("f3");
  if (!first || !third) throw new Error("three were queued");
  await start(fixture);
  const held = await fixture.until(clash.id, isIn("held"));
  expect(held.files).toEqual(["b.txt"]);
  const mate = await fixture.until(first.id, isIn("held"));
  expect(mate).toMatchObject({
    files: [],
    reason: expect.stringContaining(`in the way of ${clash.id}`),
  });
  place.write({ "b.txt": "b\n" });
  const { audit } = await settled([first, clash, third], "landed");
  expect(audit.landed).toEqual([first.id, clash.id, third.id]);
  expect(runs()).toHaveLength(1);
}, 240_000);

test("whoever needs a person's yes is tested alone, and the rest goes on", async () => {
  const { fixture, queue, runs } = await open({ project: { approve: "human" } });
  await using _ = fixture;
  const entries = await queue("f1", "f2", "f3");
  await start(fixture);
  for (const { id } of entries) await fixture.until(id, isIn("awaiting-approval"));
  expect(runs()).toEqual(["f1", "f2", "f3"]);
}, 240_000);

test("with a batch of one every commit of the target is tested by itself", async () => {
  const { fixture, queue, runs, settled } = await open({ size: 1 });
  await using _ = fixture;
  const entries = await queue("f1", "f2", "f3");
  await start(fixture);
  await settled(entries, "landed");
  expect(runs()).toEqual(["f1", "f1 f2", "f1 f2 f3"]);
}, 240_000);

test("acceptance checks of all that land together are run, and count against their own alone", async () => {
  const { fixture, queue, settled } = await open();
  await using _ = fixture;
  const acceptance = [check("grep -q wanted f2", "acceptance")];
  const [first] = await queue("f1");
  const second = await fixture.queueWork({ f2: "other\n" }, { acceptance });
  const [third] = await queue("f3");
  if (!first || !third) throw new Error("three were queued");
  await start(fixture);
  const { ended } = await settled([first, second, third], "landed", "returned");
  expect(ended.map(({ state }) => state)).toEqual(["landed", "returned", "landed"]);
}, 240_000);

test("while a batch is red it shows which part is looked at", async () => {
  const { fixture, queue, settled } = await open();
  await using _ = fixture;
  const entries = await queue("f1", "f2", "bad-3", "f4");
  const [first, , , last] = entries;
  if (!first || !last) throw new Error("four were queued");
  const seen = new Set<string | null>();
  const leave = fixture.store.onCommit(() =>
    seen.add(fixture.store.entries.find(last.id)?.reason ?? null),
  );
  await start(fixture);
  await settled(entries, "landed", "returned");
  leave();
  expect([...seen]).toContain("looking for the one that fails: 1 to 2 of 4");
  expect([...seen]).toContain("waits while the checks of q-3 are run once more");
}, 240_000);

test("of two under check one lands alone when a person's yes is wanted since, and was given for that one only", async () => {
  const { fixture, queue } = await open({ size: 2 });
  await using _ = fixture;
  const gate = join(fixture.place.folder, "gate");
  fixture.change({ checks: [check(`while ! test -e ${gate}; do sleep 0.05; done`, "unit")] });
  const [one, two] = (await queue("f1", "f2")) as [EntryRecord, EntryRecord];
  await start(fixture);
  await fixture.until(one.id, ({ batch }) => batch?.testing === 2);
  fixture.change({ approve: "human" });
  fixture.queue.approve(one.id);
  writeFileSync(gate, "");
  await fixture.until(one.id, isIn("landed"));
  await fixture.until(two.id, isIn("awaiting-approval"));
}, 60_000);
