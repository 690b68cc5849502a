import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ProjectName } from "../../../../shared/model/ids.ts";
import type { EntryRecord } from "../../store/store.ts";
import { check, createQueueFixture, type QueueFixture } from "../queue-fixture.ts";
import { forgetTests, listFlakyTests, releaseTest } from "./release-test.ts";

const APP = ProjectName.parse("app");

/**
 * Speaks as vitest does. Its next line in the script names the tests of forty that fail; `none` runs no test, `crash` says nothing;
 * without a line all pass. The script is beside the repository, so that one tree can end in several ways.
 */
const RUNNER = `#!/bin/sh
script="$1"
line=$(head -n 1 "$script"); sed -i 1d "$script"
if [ "$line" = none ]; then echo " Test Files  (0)"; echo "      Tests  no tests"; exit 0; fi
if [ "$line" = crash ]; then echo "out of luck"; exit 1; fi
failed=0
for name in $line; do echo " FAIL  a.test.ts > $name"; failed=$((failed + 1)); done
echo " Test Files  1 failed (1)"
if [ $failed = 0 ]; then echo "      Tests  40 passed (40)"; exit 0; fi
echo "      Tests  $failed failed | $((40 - failed)) passed (40)"
exit 1
`;

interface Told extends QueueFixture {
  readonly command: string;
  /** What the tests of the next runs do. */
  next(...lines: readonly string[]): void;
  /** Queues one more piece of work and waits until the queue has done with it. */
  run(...lines: readonly string[]): Promise<EntryRecord>;
  kinds(): readonly string[];
}

async function createFixture(retries?: number): Promise<Told> {
  const fixture = await createQueueFixture({
    files: { "a.txt": "a\n", "run.sh": RUNNER },
    size: 1,
    parts: { testsOf: () => ({ tests: true, retries }) },
  });
  const script = join(fixture.place.folder, "script");
  writeFileSync(script, "");
  const command = `sh run.sh ${script}`;
  fixture.change({ checks: [check(command, "unit")] });
  await fixture.queue.settle(new AbortController().signal);
  let count = 0;
  const next = (...lines: readonly string[]) => writeFileSync(script, `${lines.join("\n")}\n`);
  const isOver = ({ state }: EntryRecord) => ["landed", "returned", "held"].includes(state);
  return {
    ...fixture,
    command,
    next,
    async run(...lines) {
      next(...lines);
      count += 1;
      const { id } = await fixture.queueWork({ [`work-${count}.txt`]: `${count}\n` });
      const entry = await fixture.until(id, isOver);
      expect(readFileSync(script, "utf8").trim(), "all of the runs took place").toBe("");
      return entry;
    },
    kinds: () => fixture.store.events.newest(1_000).map(({ kind }) => kind),
    [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose](),
  };
}

/** The same test fails and then passes on the same tree, once for each of so many pieces of work. */
async function flip(fixture: Told, times: number, name: string): Promise<void> {
  for (let at = 0; at < times; at++) {
    expect(await fixture.run(name, "")).toMatchObject({ state: "landed" });
  }
}

const now = () => new Date().toISOString();
const listOf = ({ store }: QueueFixture) => {
  const project = store.projects.find(APP);
  if (!project) throw new Error("the project is gone");
  return listFlakyTests(store, project, now());
};

test("a test that flips three times is quarantined with a task to mend it, and blocks no more", async () => {
  await using fixture = await createFixture();
  const { store } = fixture;
  await flip(fixture, 2, "sometimes");
  expect(listOf(fixture).tests).toMatchObject([{ flips: 2, until: null, task: null }]);
  await flip(fixture, 1, "sometimes");
  const [flaky] = listOf(fixture).tests;
  expect(flaky).toMatchObject({
    test: "a.test.ts > sometimes",
    flips: 3,
    since: expect.any(String),
  });
  const task = flaky?.task ? store.tasks.find(flaky.task) : undefined;
  expect(task).toMatchObject({
    status: "ready",
    title: "Mend the flaky test: a.test.ts > sometimes",
    labels: ["flaky-test"],
  });

  const entry = await fixture.run("sometimes");
  expect(entry).toMatchObject({
    state: "landed",
    checks: [{ exitCode: 1, tests: { isExcused: true } }],
  });
  const seen = store.verdicts.list(await fixture.place.oid("main^{tree}"));
  const project = store.projects.find(APP);
  if (!project) throw new Error("the project is there");
  const recounted = () => fixture.queue.tests.recount(project, seen);
  const passes = () => recounted().flatMap(({ results }) => results).length;
  const before = passes();
  expect(fixture.kinds().filter((kind) => kind.startsWith("test."))).toEqual([
    ...["test.flipped", "test.flipped", "test.flipped"],
    "test.quarantined",
    "test.excused",
  ]);
  expect(store.tasks.list().filter(({ labels }) => labels.includes("flaky-test"))).toHaveLength(1);

  releaseTest(store, project, "a.test.ts > sometimes", now());
  expect([before, passes()], "judged by the quarantine of now").toEqual([1, 0]);
});

test("a red check is run again as often as its settings say before it counts", async () => {
  await using fixture = await createFixture(2);
  expect((await fixture.run("crash", "crash", "")).state).toBe("landed");
  expect(fixture.kinds()).toContain("queue.flaky");
  expect((await fixture.run("crash", "crash", "crash")).state).toBe("returned");
});

test("another test that fails beside it, one whose quarantine is over, or a run of which no test was read, is red all the same", async () => {
  await using fixture = await createFixture();
  const { store, command } = fixture;
  store.write("test", () => {
    store.tests.saveCheck({ project: APP, command, runs: 3, ran: 40 });
    const flipped = { project: APP, command, flips: [1, 2, 3], task: null };
    for (const [name, quarantinedUntil] of [
      ["sometimes", "2999-01-01T00:00:00.000Z"],
      ["other", "2026-01-01T00:00:00.000Z"],
    ]) {
      const term = {
        quarantinedAt: "2025-12-18T00:00:00.000Z",
        quarantinedUntil: quarantinedUntil ?? "",
      };
      store.tests.save({ ...flipped, ...term, test: `a.test.ts > ${name}` });
    }
  });
  const entry = await fixture.run("sometimes other", "sometimes other", "");
  expect(entry.state).toBe("returned");
  const handback = store.tasks.find(entry.task)?.handback ?? "";
  expect(handback).toContain("The tests that fail:\n- a.test.ts > other\n");
  expect(handback).toContain(
    "Beside them these fail, which are known to be flaky:\n- a.test.ts > sometimes\n",
  );
  expect(fixture.kinds(), "its fourteen days were over").toContain("test.released");
  expect((await fixture.run("crash", "crash")).state).toBe("returned");
});

test("more flaky tests than may be quarantined stop the queue, and a person's release lets it go on", async () => {
  await using fixture = await createFixture();
  const { store, queue } = fixture;
  await flip(fixture, 2, "sometimes rarely");
  fixture.next("sometimes rarely", "");
  const { id } = await fixture.queueWork({ "last.txt": "last\n" });
  const paused = await fixture.untilProject((project) => project.queue.state === "paused");
  expect(paused.queue.reason).toContain(
    "too many tests are flaky: a.test.ts > rarely flipped 3 times, and 1 of 40 tests may be quarantined at once",
  );
  expect(listOf(fixture)).toMatchObject({ known: 40, max: 1, tests: [{ flips: 3 }, { flips: 3 }] });
  expect(() => releaseTest(store, paused, "a.test.ts > rarely", now())).toThrow("no quarantined");

  releaseTest(store, paused, "a.test.ts > sometimes", now());
  expect(listOf(fixture).tests).toMatchObject([{ test: "a.test.ts > rarely", until: null }]);
  queue.resume(APP);
  await fixture.until(id, ({ state }) => state === "landed");
});

test("a check that suddenly runs no test is not green: the entry is held, and where the target does so too the queue stops", async () => {
  await using fixture = await createFixture();
  const { store } = fixture;
  expect((await fixture.run("")).state).toBe("landed");
  const held = await fixture.run("none", "none");
  expect(held.state).toBe("held");
  expect(held.reason).toContain("unit: no test ran, where 40 ran before");

  // Nothing is known of this target yet, so it is looked at before an entry is to blame.
  await fixture.place.commitOn("main", { "persons.txt": "own\n" });
  await fixture.place.git("reset", "-q", "--hard");
  fixture.next("none", "none", "none");
  const stuck = await fixture.queueWork({ "more.txt": "more\n" });
  const paused = await fixture.untilProject(({ queue }) => queue.state === "paused");
  expect(paused.queue.reason).toContain("main is red: unit: no test ran");
  expect((await fixture.until(stuck.id, ({ state }) => state === "queued")).state).toBe("queued");
  expect(() => forgetTests(store, paused, "lint")).toThrow('There is no check "lint" in app');
  forgetTests(store, paused, "unit");
  expect(store.tests.listChecks(APP)).toMatchObject([{ ran: 0 }]);
});

test("what a real runner prints is read: a flip of node's own", async () => {
  const unsteady = `import { existsSync, writeFileSync } from "node:fs";
import { test } from "node:test";
test("steady", () => {});
test("comes up at the second try", () => {
  if (existsSync(process.env.HERE + "/tried")) return;
  writeFileSync(process.env.HERE + "/tried", "");
  throw new Error("too early");
});
`;
  await using fixture = await createQueueFixture({ files: { "a.test.mjs": unsteady } });
  const { store, place } = fixture;
  fixture.change({ checks: [check(`HERE="${place.folder}" node --test`, "unit")] });
  await fixture.queue.settle(new AbortController().signal);
  const { id } = await fixture.queueWork({ "new.txt": "new\n" });
  const landed = await fixture.until(id, ({ state }) => state === "landed" || state === "returned");
  expect(landed).toMatchObject({ state: "landed", checks: [{ tests: { passed: 2, failed: 0 } }] });
  expect(listOf(fixture).tests).toMatchObject([{ flips: 1, until: null }]);
  expect(listOf(fixture).tests[0]?.test).toContain("comes up at the second try");
  const flaky = store.events.newest(1_000).find(({ kind }) => kind === "queue.flaky");
  expect(flaky?.data.tests).toEqual([expect.stringContaining("comes up at the second try")]);
});
