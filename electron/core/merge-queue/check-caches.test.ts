import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { EntryRecord } from "../store/store.ts";
import type { CheckSurroundings } from "./check-environment.ts";
import { setUpCheck } from "./check-runner.ts";
import { check, createQueueFixture, isIn, start } from "./queue-fixture.ts";

/** A queue with a lock file, whose set-up notes each of its runs and what its checks find in `node_modules`. */
async function open(
  setUp: (folder: string) => string,
  checks = "test -e node_modules/m",
  setUpFrom: CheckSurroundings["setUpFrom"] = [],
) {
  let surroundings: CheckSurroundings = {
    tools: [],
    declared: [],
    env: { PATH: process.env.PATH ?? "" },
    setUp: null,
    setUpFrom,
    caches: null,
    order: "given",
  };
  const fixture = await createQueueFixture({
    files: {
      "a.txt": "a\n",
      "schema.txt": "one\n",
      "package-lock.json": "one\n",
      ".gitignore": "node_modules\n",
    },
    size: 1,
    unaudited: "a clean clone has none of the dependencies",
    parts: { surroundingsOf: () => surroundings },
  });
  const { folder } = fixture.place;
  surroundings = { ...surroundings, setUp: setUpCheck(setUp(folder)) };
  fixture.change({ checks: [check(checks.replaceAll("FOLDER", folder), "unit")] });
  const runs = join(folder, "set-ups");
  return {
    fixture,
    folder,
    setUps: () => (existsSync(runs) ? readFileSync(runs, "utf8").trim().split("\n") : []),
  };
}
const install = (folder: string) =>
  `echo $(cat package-lock.json) >> ${folder}/set-ups; mkdir node_modules && cat package-lock.json > node_modules/m`;

/** As a program that generates what the work's own code is compiled with. */
const generate = (folder: string) =>
  `echo run >> ${folder}/set-ups; mkdir -p node_modules && cp schema.txt node_modules/client`;
const FITS = "test $(cat node_modules/client) = $(cat wanted.txt 2>/dev/null || echo one)";

for (const setUpFrom of [null, ["schema.txt"]]) {
  const named = setUpFrom ? "with" : "without";
  test(`work is judged by the set-up of its own tree, ${named} a list of what that reads`, async () => {
    const { fixture, setUps } = await open(generate, FITS, setUpFrom);
    await using _ = fixture;
    const works = [
      { f1: "f1\n" },
      // Would pass with what was generated for the first.
      { "schema.txt": "three\n" },
      // Would fail with it.
      { "schema.txt": "two\n", "wanted.txt": "two\n" },
      { f2: "f2\n" },
    ];
    const entries: EntryRecord[] = [];
    for (const files of works) entries.push(await fixture.queueWork(files));
    await start(fixture);
    const ends: string[] = [];
    for (const { id } of entries) {
      const { state } = await fixture.until(
        id,
        (entry) => isIn("landed")(entry) || isIn("returned")(entry),
      );
      ends.push(state);
    }
    expect(ends).toEqual(["landed", "returned", "landed", "landed"]);
    expect(setUps().length).toBe(setUpFrom ? 4 : 5);
  }, 120_000);
}

test("a set-up runs once for one lock file, and again for another", async () => {
  const { fixture, setUps } = await open(install, "cmp package-lock.json node_modules/m");
  await using _ = fixture;
  const works = [{ f1: "f1\n" }, { f2: "f2\n" }, { "package-lock.json": "two\n" }, { f3: "f3\n" }];
  const entries: EntryRecord[] = [];
  for (const files of works) entries.push(await fixture.queueWork(files));
  await start(fixture);
  for (const { id } of entries) await fixture.until(id, isIn("landed"));
  expect(setUps()).toEqual(["one", "two"]);
  expect((await fixture.queue.log(entries[0]?.id ?? ("" as EntryRecord["id"]), 0)).text).toContain(
    "set-up",
  );
}, 120_000);

test("a branch whose lock file cannot be installed goes back, and the set-up is what failed", async () => {
  const setUp = (folder: string) => `grep -qv broken package-lock.json && { ${install(folder)}; }`;
  const { fixture, setUps } = await open(setUp);
  await using _ = fixture;
  const bad = await fixture.queueWork({ "package-lock.json": "broken\n" });
  const good = await fixture.queueWork({ f1: "f1\n" });
  await start(fixture);
  const { reason } = await fixture.until(bad.id, isIn("returned"));
  expect(reason).toBe("a check fails: set-up: exit code 1");
  await fixture.until(good.id, isIn("landed"));
  expect(new Set(setUps())).toEqual(new Set(["one"]));
}, 120_000);

test("a set-up that fails on the target too pauses the queue, and blames nobody", async () => {
  const { fixture } = await open((folder) => `test -e ${folder}/network`);
  await using _ = fixture;
  fixture.change({ checks: [check("true", "unit")] });
  const entry = await fixture.queueWork({ f1: "f1\n" });
  await start(fixture);
  const { queue } = await fixture.untilProject((project) => project.queue.state === "paused");
  expect(queue.reason).toBe("main is red: set-up: exit code 1");
  expect(fixture.store.entries.find(entry.id)?.state).toBe("queued");
  writeFileSync(join(fixture.place.folder, "network"), "");
  fixture.queue.resume(entry.project);
  await fixture.until(entry.id, isIn("landed"));
}, 120_000);

test("what a run that was ended has left in a cache is seen by nobody", async () => {
  const checks =
    "cmp package-lock.json node_modules/m && { test ! -e f2 || { echo half > node_modules/m; touch FOLDER/harmed; sleep 600; }; }";
  const { fixture, folder, setUps } = await open(install, checks);
  await using _ = fixture;
  const first = await fixture.queueWork({ f1: "f1\n" });
  await start(fixture);
  await fixture.until(first.id, isIn("landed"));
  const second = await fixture.queueWork({ f2: "f2\n" });
  await expect.poll(() => existsSync(join(folder, "harmed")), { timeout: 60_000 }).toBe(true);
  fixture.queue.hold(second.id);
  const third = await fixture.queueWork({ f3: "f3\n" });
  await fixture.until(third.id, isIn("landed"));
  expect(setUps()).toEqual(["one", "one"]);
}, 120_000);
