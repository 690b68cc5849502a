import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Project } from "../../../shared/model/project.ts";
import { fakeClock } from "../base/fake-clock.ts";
import { runCommand } from "../process/run-command.ts";
import { CheckEnvironment, type CheckSurroundings } from "./check-environment.ts";
import { setUpCheck } from "./check-runner.ts";
import { check, createQueueFixture } from "./queue-fixture.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "check-environment-"));
  mkdirSync(join(folder, "bin"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program of this name that tells this version, and counts how often it was asked. */
function install(name: string, version: string): void {
  const file = join(folder, "bin", name);
  rmSync(file, { force: true });
  writeFileSync(file, `#!/bin/sh\necho asked >> ${folder}/asked\necho ${version}\n`);
  chmodSync(file, 0o755);
}
const asked = () => {
  const file = join(folder, "asked");
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").length - 1 : 0;
};
const surroundings = (more: Partial<CheckSurroundings> = {}): CheckSurroundings => ({
  tools: ["tool"],
  declared: [],
  env: { PATH: `${join(folder, "bin")}:/bin:/usr/bin` },
  setUp: null,
  setUpFrom: null,
  caches: null,
  order: "given",
  ...more,
});
// Only these fields are read.
const project = { name: "app", checks: [check("true")] } as unknown as Project;

function open() {
  const clock = fakeClock();
  let now = surroundings();
  const environment = new CheckEnvironment({
    clock,
    folder: { worktrees: folder },
    surroundingsOf: () => now,
    runTool: (command, options) => runCommand(command, { ...options, env: now.env }),
  });
  return {
    clock,
    set: (more: Partial<CheckSurroundings>) => {
      now = surroundings(more);
    },
    async look(ofTasks: readonly string[] = []) {
      const checks = ofTasks.map((run) => check(run));
      await environment.look(project, checks, new AbortController().signal);
      return environment.hash(project);
    },
  };
}

test("another version of a tool is another environment; the one before is itself again when it is back", async () => {
  const { look } = open();
  install("tool", "1.0");
  const before = await look();
  install("tool", "2.0");
  const after = await look();
  expect(after).not.toBe(before);
  install("tool", "1.0");
  expect(await look()).toBe(before);
});

test("a tool is asked once, then when its file is another one, and every ten minutes", async () => {
  const { look, clock } = open();
  install("tool", "1.0");
  const hash = await look();
  for (let time = 0; time < 5; time++) expect(await look()).toBe(hash);
  expect(asked()).toBe(1);
  await clock.advance(600_000);
  expect(await look()).toBe(hash);
  expect(asked()).toBe(2);
});

test("a tool that is missing is an environment too, and so is one that cannot be asked", async () => {
  const { look } = open();
  const without = await look();
  writeFileSync(join(folder, "bin", "tool"), "no program");
  chmodSync(join(folder, "bin", "tool"), 0o755);
  expect(await look()).not.toBe(without);
});

test("tools of the set-up count, and those of a queued task's acceptance checks from then on", async () => {
  const { look, set } = open();
  set({ setUp: setUpCheck("cargo fetch") });
  install("cargo", "1.0");
  const before = await look();
  install("cargo", "2.0");
  const after = await look();
  expect(after).not.toBe(before);
  install("deno", "1.0");
  expect(await look()).toBe(after);
  const withTask = await look(["deno test"]);
  expect(withTask).not.toBe(after);
  expect(await look()).toBe(withTask);
  install("deno", "2.0");
  expect(await look(["deno test"])).not.toBe(withTask);
});

test("the value of a declared variable counts, that of another one does not", async () => {
  const { look, set } = open();
  install("tool", "1.0");
  const { env } = surroundings();
  const declared = ["DATABASE"];
  const hashes: string[] = [];
  for (const more of [{}, { DATABASE: "" }, { DATABASE: "one" }, { DATABASE: "one", OTHER: "x" }]) {
    set({ declared, env: { ...env, ...more } });
    hashes.push(await look());
  }
  expect(hashes[3]).toBe(hashes[2]);
  expect(new Set(hashes).size).toBe(3);
});

test.each([
  ["a declared tool", "tool"],
  ["a tool of an acceptance check", "deno"],
])(
  "%s that changes between two runs makes the tree run anew; the old verdict stays",
  async (_, tool) => {
    install("tool", "1.0");
    install(tool, "1.0");
    const surroundingsOf = () => surroundings();
    await using fixture = await createQueueFixture({ parts: { surroundingsOf } });
    const { queue, store } = fixture;
    const runs = join(fixture.place.folder, "runs");
    fixture.change({
      checks: [check(`echo run >> ${runs}`)],
      queue: { state: "paused", reason: null },
    });
    const acceptance = [check("true || deno test", "accept")];
    const entry = await fixture.queueWork({ f1: "f1\n" }, { acceptance });
    await queue.settle(new AbortController().signal);
    await fixture.until(entry.id, ({ reason }) => reason?.startsWith("its checks passed") === true);
    install(tool, "2.0");
    queue.resume(entry.project);
    const landed = await fixture.until(entry.id, ({ state }) => state === "landed");
    expect(readFileSync(runs, "utf8")).toBe("run\nrun\n");
    const verdicts = store.verdicts.list(landed.candidateTree ?? "");
    expect(verdicts.map(({ isGreen }) => isGreen)).toEqual([true, true]);
    expect(new Set(verdicts.map(({ envHash }) => envHash)).size).toBe(2);
  },
  60_000,
);

test("a verdict of an unknown environment lands without another run", async () => {
  await using fixture = await createQueueFixture();
  const { queue, store, place } = fixture;
  const runs = join(place.folder, "runs");
  const command = `echo run >> ${runs}`;
  fixture.change({ checks: [check(command)] });
  const entry = await fixture.queueWork({ f1: "f1\n" });
  const tree = await place.oid(`${entry.head}^{tree}`);
  const results = [{ name: "check", command, exitCode: 0, reason: null, durationMs: 1, tail: "" }];
  store.write("test", () =>
    store.verdicts.insert({ tree, specHash: "s", envHash: null, isGreen: true, results }),
  );
  await queue.settle(new AbortController().signal);
  await fixture.until(entry.id, ({ state }) => state === "landed");
  expect(existsSync(runs)).toBe(false);
}, 60_000);

test("a red run over a sleep of the machine is lost and done again, and blames nobody", async () => {
  const clock = fakeClock();
  await using fixture = await createQueueFixture({ parts: { clock } });
  const { queue, store, place } = fixture;
  const at = (name: string) => join(place.folder, name);
  const once = `test -e ${at("again")} || { touch ${at("again")}; while ! test -e ${at("woken")}; do sleep 0.05; done; exit 1; }`;
  fixture.change({ checks: [check(once)] });
  const entry = await fixture.queueWork({ f1: "f1\n" });
  await queue.settle(new AbortController().signal);
  await expect.poll(() => existsSync(at("again")), { timeout: 60_000 }).toBe(true);
  clock.sleep(3_600_000);
  writeFileSync(at("woken"), "");
  const landed = await fixture.until(entry.id, ({ state }) => state === "landed");
  const verdicts = store.verdicts.list(landed.candidateTree ?? "");
  expect(verdicts.map(({ isGreen }) => isGreen)).toEqual([true]);
  const kinds = store.events.since(0).map(({ kind }) => kind);
  expect(kinds).toContain("queue.run-lost");
  expect(kinds).not.toContain("queue.flaky");
  expect((await queue.log(entry.id, 0)).text).toContain("The machine slept");
}, 60_000);

test("a check of an earlier stage runs first, and its red ends the run", async () => {
  await using fixture = await createQueueFixture();
  const runs = join(fixture.place.folder, "runs");
  fixture.change({
    checks: [
      { ...check(`echo slow >> ${runs}`, "slow"), stage: 2 },
      check(`echo types >> ${runs}; test ! -e bad`, "types"),
    ],
  });
  const entry = await fixture.queueWork({ bad: "bad\n" });
  await fixture.queue.settle(new AbortController().signal);
  const { reason } = await fixture.until(entry.id, ({ state }) => state === "returned");
  expect(reason).toBe("a check fails: types: exit code 1");
  expect(new Set(readFileSync(runs, "utf8").trim().split("\n"))).toEqual(new Set(["types"]));
}, 60_000);

test("the target is checked with what runs before the check that fails, which can leave what it needs", async () => {
  await using fixture = await createQueueFixture();
  fixture.change({
    checks: [check("mkdir out", "build"), check("test -e out -a ! -e bad", "unit")],
  });
  const entry = await fixture.queueWork({ bad: "bad\n" });
  await fixture.queue.settle(new AbortController().signal);
  const { reason } = await fixture.until(entry.id, ({ state }) => state === "returned");
  expect(reason).toBe("a check fails: unit: exit code 1");
}, 60_000);
