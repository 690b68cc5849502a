import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { EntryRecord } from "../store/store.ts";
import { createQueueFixture, isIn, openQueue, start, untilEntry } from "./queue-fixture.ts";
import { recordRuns } from "./recorded-runs.ts";

const hasPassed = ({ state, reason }: EntryRecord) =>
  state === "queued" && (reason?.startsWith("its checks passed") ?? false);

/** Checks that write a line for each run, and wait for the file `gate` where a file `slow` is in the tree. */
async function open(unaudited?: string) {
  const fixture = await createQueueFixture(unaudited === undefined ? {} : { unaudited });
  const gate = join(fixture.place.folder, "gate");
  const untilOpen = `while ! test -e ${gate}; do sleep 0.05; done`;
  const recorded = recordRuns(fixture, `test ! -e slow || ${untilOpen}; test ! -e bad`);
  return { fixture, ...recorded, openGate: () => writeFileSync(gate, "") };
}

test("in a freeze work is tested and waits, a hot fix passes it, and its end lands the rest", async () => {
  const { fixture, runs, landed } = await open();
  await using _ = fixture;
  const { queue } = fixture;
  const first = await fixture.queueWork({ f1: "1\n" });
  queue.gate.freeze(first.project, null);
  await start(fixture);
  const waiting = await fixture.until(first.id, hasPassed);
  expect(waiting.reason).toBe("its checks passed; it waits for the freeze to end");
  expect(fixture.store.projects.find(first.project)?.queue.frozen).toEqual({
    by: "person",
    until: null,
  });
  expect(await landed()).toEqual([]);

  const urgent = await fixture.queueWork({ f2: "2\n" });
  queue.hotfix(urgent.id, true);
  await fixture.until(urgent.id, isIn("landed"));
  expect(await landed()).toEqual([urgent.id]);
  // The target has moved: tested again on top of it, still without landing.
  await fixture.until(first.id, (entry) => hasPassed(entry) && runs().length === 3);
  queue.gate.unfreeze(first.project);
  await fixture.until(first.id, isIn("landed"));
  expect(runs()).toEqual(["f1", "f2", "f1 f2"]);
  expect(await landed()).toEqual([urgent.id, first.id]);
}, 240_000);

test("a freeze survives a restart, and its other end shows at once", async () => {
  const { fixture, runs, landed } = await open();
  await using _ = fixture;
  const { id, project } = await fixture.queueWork({ f1: "1\n" });
  fixture.queue.gate.freeze(project, null);
  await start(fixture);
  await fixture.until(id, hasPassed);
  await fixture.queue.dispose();

  const { store, queue } = openQueue(fixture.home);
  await queue.settle(new AbortController().signal);
  await untilEntry(store, id, hasPassed);
  queue.gate.freeze(project, "2999-01-01T08:00:00.000Z");
  const told = await untilEntry(store, id, (entry) => entry.reason?.includes("Jan") ?? false);
  expect(told.reason).toMatch(
    /^its checks passed; it waits for the freeze to end at Tue 1 Jan 2999, /,
  );
  expect(await landed()).toEqual([]);
  queue.gate.unfreeze(project);
  await untilEntry(store, id, isIn("landed"));
  expect(runs()).toEqual(["f1"]);
  await queue.dispose();
  store.close();
}, 240_000);

test("a hot fix ends the run of others, who lose nothing but that run, and is itself tested", async () => {
  const { fixture, runs, openGate, landed } = await open();
  await using _ = fixture;
  const { queue, store } = fixture;
  const slow = await fixture.queueWork({ slow: "slow\n" });
  await start(fixture);
  await fixture.until(slow.id, ({ batch }) => batch !== null);
  const bad = await fixture.queueWork({ bad: "bad\n" });
  const urgent = await fixture.queueWork({ f3: "3\n" });
  queue.hotfix(urgent.id, true);
  await fixture.until(urgent.id, isIn("landed"));
  expect(await landed()).toEqual([urgent.id]);
  const behind = await fixture.until(slow.id, ({ batch }) => batch !== null);
  // Nothing was held against it.
  expect(store.verdicts.list(behind.candidateTree ?? "")).toEqual([]);
  openGate();
  await fixture.until(slow.id, isIn("landed"));
  await fixture.until(bad.id, isIn("returned"));
  expect(await landed()).toEqual([urgent.id, slow.id]);
  expect(runs().filter((run) => run === "f3")).toHaveLength(1);

  const red = await fixture.queueWork({ bad: "bad again\n" });
  queue.hotfix(red.id, true);
  expect((await fixture.until(red.id, isIn("returned"))).reason).toContain("a check fails");
}, 240_000);

test("new work of a hot fix that was superseded or sent back is one too; what waits for itself is no entry", async () => {
  const { fixture } = await open("no run is begun, so nothing was kept yet");
  await using _ = fixture;
  const { queue, store, place } = fixture;
  const first = await fixture.queueWork({ f1: "1\n" });
  queue.hotfix(first.id, true);
  const { project, task, branch, attempt, priority } = first;
  const again = async (file: string) => {
    const head = await place.commitOn(branch, { [file]: "more\n" });
    const summary = null;
    return store.write("test", () =>
      queue.enqueue({ project, task, branch, head, attempt, priority, summary }),
    );
  };
  const second = await again("f2");
  expect(second.hotfixAt).toBe(store.entries.find(first.id)?.hotfixAt);
  await queue.returnToWorker(second.id, "say why");
  expect((await again("f3")).hotfixAt).toBe(second.hotfixAt);
  const other = await fixture.queueWork({ f4: "4\n" }, { after: [task] });
  expect(other.hotfixAt).toBe(null);
  store.write("test", () => store.tasks.update(task, { after: [other.task] }));
  await expect(again("f5")).rejects.toThrow(
    "It could never land: t-1 waits for t-2 waits for t-1.",
  );
}, 240_000);

test("what makes no sense of a freeze or a hot fix is refused with the way out", async () => {
  const { fixture } = await open();
  await using _ = fixture;
  const { queue } = fixture;
  const first = await fixture.queueWork({ f1: "1\n" });
  const second = await fixture.queueWork({ f2: "2\n" }, { after: [first.task] });
  expect(() => queue.hotfix(second.id, true)).toThrow("q-2 cannot go first: t-2 waits for t-1.");
  expect(() => queue.hotfix(first.id, false)).toThrow("q-1 is no hot fix.");
  queue.hotfix(first.id, true);
  expect(() => queue.hotfix(first.id, true)).toThrow("q-1 is a hot fix already.");
  expect(() => queue.gate.freeze(first.project, "2001-01-01T00:00:00.000Z")).toThrow(
    "that is over",
  );
  expect(() => queue.gate.unfreeze(first.project)).toThrow("The queue of app is not frozen.");
});
