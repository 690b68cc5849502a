import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ProjectName } from "../../../shared/model/ids.ts";
import { describeParallelChecks } from "../../../shared/model/parallel-checks.ts";
import { runCommand } from "../process/run-command.ts";
import type { EntryRecord, Store } from "../store/store.ts";
import { specHash } from "./check-runner.ts";
import type { CheckMachine } from "./plan-parallel-checks.ts";
import {
  CALM,
  check,
  createQueueFixture,
  fillQueue,
  openQueue,
  type QueueFixture,
} from "./queue-fixture.ts";

const app = ProjectName.parse("app");
/** So long that what this machine really takes is nothing beside it. */
const LONG_MS = 1_000_000_000;
const now = new AbortController().signal;

/** `alone` and `two`: of the runs known from earlier, how many times as long each took. */
function know(
  store: Store,
  times: { readonly alone: readonly number[]; readonly two: readonly number[] },
) {
  const checks = store.projects.find(app)?.checks ?? [];
  const of = { project: app, specHash: specHash(checks) };
  store.write("test", () => {
    for (const time of times.alone)
      store.timedRuns.insert({ ...of, atOnce: 1, tookMs: LONG_MS * time, sharedMs: 0 });
    for (const time of times.two) {
      const tookMs = LONG_MS * time;
      store.timedRuns.insert({ ...of, atOnce: 2, tookMs, sharedMs: tookMs });
    }
  });
}

function read(store: Store): string | null {
  const parallel = store.projects.find(app)?.queue.parallel;
  return parallel ? describeParallelChecks(parallel) : null;
}

/** Real checks on six entries, the last of them bad. `slowdowns`: of two at once, of the one that ends first and of the other, as is told. */
async function land(slowdowns: readonly [number, number], checkOf: (folder: string) => string) {
  const together: number[] = [];
  const fixture: QueueFixture = await createQueueFixture({
    size: 6,
    parts: {
      sectionsOf: () => "auto",
      runCommand: async (command, options) => {
        const atOnce = fixture.queue.parallel.underWay;
        const env = { PATH: process.env.PATH ?? "" };
        const ended = await runCommand(command, { ...options, env });
        const [first, second] = slowdowns;
        const slowdown = together.includes(2) ? second : first;
        together.push(atOnce);
        return { ...ended, durationMs: LONG_MS * (atOnce > 1 ? slowdown : 1) };
      },
    },
  });
  await using _ = fixture;
  fixture.change({ checks: [check(checkOf(fixture.place.folder))] });
  know(fixture.store, { alone: [1, 1], two: [slowdowns[1], slowdowns[1]] });
  const entries: EntryRecord[] = [];
  for (const name of ["f1", "f2", "f3", "f4", "f5", "bad"])
    entries.push(await fixture.queueWork({ [name]: "x\n" }));
  await fixture.queue.settle(now);
  for (const { id } of entries.slice(0, 5))
    await fixture.until(id, ({ state }) => state === "landed");
  for (const { id } of entries.slice(5))
    await fixture.until(id, ({ state }) => state === "returned");
  const checks = fixture.store.projects.find(app)?.checks ?? [];
  const known = fixture.store.timedRuns.list(app, specHash(checks));
  return { together, said: read(fixture.store), known: known.map(({ atOnce }) => atOnce) };
}

test("a repository whose check sleeps goes to two at a time, once a run more alone and two together are timed", async () => {
  const { together, said, known } = await land([1, 1.1], () => "sleep 0.1; test ! -e bad");
  expect(said).toBe("2 at a time: measured 1.1x");
  // Whole and its front half alone, then two parts of what is left, then the bad one again.
  expect(together).toEqual([1, 1, 2, 2, 1]);
  expect(known).toEqual([1, 1, 2, 2, 1, 2]);
}, 120_000);

test("one whose checks wait for each other goes back to one at a time, and says what two took", async () => {
  const { together, said } = await land(
    [1, 2],
    (at) =>
      `until mkdir ${at}/lock 2>/dev/null; do sleep 0.05; done; test ! -e bad; code=$?; rmdir ${at}/lock; exit $code`,
  );
  expect(said).toBe("1 at a time: two at once take 2.0x as long");
  expect(together).toEqual([1, 1, 2, 2, 1]);
}, 120_000);

/** A queue that nothing is queued in; the machine is what `machine` says, the settings what `sections` says. */
async function look(
  play: (queue: {
    readonly store: Store;
    readonly parallel: QueueFixture["queue"]["parallel"];
    readonly machine: { -readonly [K in keyof CheckMachine]: CheckMachine[K] };
    readonly settings: { sections: "auto" | number };
    readonly says: () => Promise<string | null>;
  }) => Promise<void>,
) {
  const home = mkdtempSync(join(tmpdir(), "switchyard-parallel-"));
  const machine = { ...CALM };
  const settings: { sections: "auto" | number } = { sections: "auto" };
  const { store, queue } = openQueue(home, undefined, "auto", {
    sectionsOf: () => settings.sections,
    readMachine: async () => ({ ...machine }),
  });
  try {
    fillQueue(store, "/repos/app", []);
    const { parallel } = queue;
    const says = async () => {
      await parallel.look(app, now);
      return read(store);
    };
    await play({ store, parallel, machine, settings, says });
  } finally {
    await queue.dispose();
    store.close();
    rmSync(home, { recursive: true, force: true });
  }
}

test("what was measured is dropped at once on battery or under load, and is back after it", async () => {
  await look(async ({ store, parallel, machine, says }) => {
    const atOnce = () => parallel.atOnce(store.projects.find(app) ?? never());
    know(store, { alone: [1, 1, 1], two: [1, 1, 1] });
    expect([await says(), atOnce()]).toEqual(["2 at a time: measured 1.0x", 2]);
    machine.power = "battery";
    expect([await says(), atOnce()]).toEqual(["1 at a time: the machine runs on battery", 1]);
    machine.power = "mains";
    machine.loadPerCore = 3;
    expect([await says(), atOnce()]).toEqual(["1 at a time: the machine is busy", 1]);
    machine.loadPerCore = 0;
    expect([await says(), atOnce()]).toEqual(["2 at a time: measured 1.0x", 2]);
  });
});

test("other checks are measured anew, a person's number needs no measurement, and each change is told once", async () => {
  await look(async ({ store, parallel, settings, says }) => {
    know(store, { alone: [1, 1, 1], two: [1, 1, 1] });
    await says();
    await says();
    const told = store.events.since(0).filter(({ kind }) => kind === "queue.parallel");
    expect(told).toHaveLength(1);
    const project = store.projects.find(app) ?? never();
    store.write("test", () => store.projects.update(app, { checks: [check("other")] }));
    expect(await says()).toBe("1 at a time: two are tried after 3 green runs; 0 so far");
    store.write("test", () => store.projects.update(app, { checks: project.checks }));
    expect(await says()).toBe("2 at a time: measured 1.0x");
    settings.sections = 3;
    expect([await says(), parallel.atOnce(project)]).toEqual([null, 3]);
  });
});

test("a round that a core did not live to end, and one beside another project's, leave nothing behind", async () => {
  await look(async ({ store, parallel, says }) => {
    const project = store.projects.find(app) ?? never();
    const [command = check("")] = project.checks;
    const timed = async (atOnce: number) => {
      const round = parallel.begin(project, atOnce);
      const timer = round.timer();
      const ended = { exitCode: 0, reason: null, tail: "", durationMs: 10 };
      const options = { cwd: "", timeoutMs: 1, logFile: "", signal: now };
      await timer.timing(async () => ended)(command.run, options);
      timer.isCounting = true;
      return round;
    };
    // Killed here: its round is not kept.
    (await timed(1))[Symbol.dispose]();
    expect(await says()).toContain("3 green runs; 0 so far");
    const other = parallel.begin({ ...project, name: ProjectName.parse("web") }, 2);
    const mixed = await timed(1);
    expect(parallel.underWay).toBe(2);
    other[Symbol.dispose]();
    parallel.keep(mixed);
    expect([await says(), parallel.underWay]).toEqual([
      "1 at a time: two are tried after 3 green runs; 0 so far",
      1,
    ]);
    mixed[Symbol.dispose]();
    using whole = await timed(1);
    parallel.keep(whole);
    expect(await says()).toContain("3 green runs; 1 so far");
  });
});

function never(): never {
  throw new Error("the project is gone");
}
