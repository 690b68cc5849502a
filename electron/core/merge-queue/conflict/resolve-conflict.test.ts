import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import type { Oid } from "../../../../shared/model/ids.ts";
import { openPoolWorktree, poolPath } from "../../git/pool-worktree.ts";
import { ResolutionMemory } from "../../git/resolution-memory.ts";
import { runGit } from "../../git/run-git.ts";
import {
  createTestRepository,
  type Files,
  putFiles,
  type TestRepository,
} from "../../git/test-repository.ts";
import { runCommand } from "../../process/run-command.ts";
import { lockPathsOf } from "./lock-files.ts";
import type { RunTool } from "./regenerate-lock.ts";
import { type ConflictOutcome, resolveConflict } from "./resolve-conflict.ts";

const ODD = `dir "ö"/it's $(touch pwn) <x>`;
const LINES = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
const line = (text: string) => LINES.replace("5", text);
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Runs real commands; `first` is a folder of programs that are found before all others. */
function runTool(first?: string, asked: string[] = []): RunTool {
  return async (command, cwd) => {
    asked.push(command);
    const path = [...(first ? [first] : []), process.env.PATH].join(delimiter);
    const ended = await runCommand(command, {
      cwd,
      env: { PATH: path, HOME: process.env.HOME ?? "" },
      timeoutMs: 120_000,
      signal: new AbortController().signal,
    });
    return ended.exitCode === 0;
  };
}
const noTool: RunTool = async () => false;

/** main and work have both gone on from `start`. */
async function diverged(start: Files, main: Files, work: Files, name = "repo") {
  const place = await createTestRepository(start, name);
  await place.commitOn("work", work);
  await place.commitOn("main", main);
  await place.git("reset", "-q", "--hard");
  return place;
}
async function resolve(
  place: TestRepository,
  run: RunTool = noTool,
  parents: readonly Oid[] = [],
): Promise<ConflictOutcome> {
  const base = await place.oid("main");
  const path = poolPath(join(place.folder, "pools"), "app");
  const pool = await openPoolWorktree(place.repo, path, base);
  const refs = await place.git("for-each-ref");
  const outcome = await resolveConflict({
    pool,
    base,
    head: await place.oid("work"),
    parents,
    memory: new ResolutionMemory(place.repo, join(place.folder, "memory")),
    run,
    fallback: { name: "Switchyard", email: "switchyard@localhost" },
  });
  // No branch and no ref moves, and the person's checkout is as it was.
  expect(await place.git("for-each-ref")).toBe(refs);
  expect(await place.git("status", "--porcelain")).toBe("");
  return outcome;
}
async function expectResolved(
  place: TestRepository,
  outcome: ConflictOutcome,
  settled: Readonly<Record<string, string>>,
): Promise<Oid> {
  if (outcome.kind !== "resolved") throw new Error(`left: ${outcome.files.join(", ")}`);
  expect(Object.fromEntries(outcome.settled.map(({ path, by }) => [path, by]))).toEqual(settled);
  const [base, head] = [await place.oid("main"), await place.oid("work")];
  expect(await place.git("log", "-1", "--format=%P", outcome.commit)).toBe(`${head} ${base}\n`);
  expect(
    (await place.git("grep", "-lE", "^(<<<<<<<|>>>>>>>)", outcome.commit).catch(() => "")).trim(),
  ).toBe("");
  return outcome.commit;
}

test("a conflict in a source file is left, and named", async () => {
  const path = `${ODD}/a.ts`;
  await using place = await diverged(
    { [path]: LINES },
    { [path]: line("x") },
    { [path]: line("y") },
  );
  expect(await resolve(place)).toEqual({ kind: "conflict", files: [path] });
});

test("what one side deleted, and what is not text, is left", async () => {
  await using place = await diverged(
    { "a.txt": LINES, "CHANGELOG.md": "a\0b\n" },
    { "a.txt": null, "CHANGELOG.md": "a\0c\n" },
    { "a.txt": line("y"), "CHANGELOG.md": "a\0d\n" },
  );
  expect(await resolve(place)).toEqual({ kind: "conflict", files: ["CHANGELOG.md", "a.txt"] });
});

test("a changelog and a package.json to which both sides added are merged, in a folder of any name", async () => {
  const [log, manifest] = [`${ODD}/CHANGELOG.md`, `${ODD}/package.json`];
  await using place = await diverged(
    { [log]: "# Changes\n\n- Old.\n", [manifest]: json({ name: "a", dependencies: { b: "1" } }) },
    {
      [log]: "# Changes\n\n- Theirs.\n- Old.\n",
      [manifest]: json({ name: "a", dependencies: { b: "1", c: "1" } }),
    },
    {
      [log]: "# Changes\n\n- Ours.\n- Old.\n",
      [manifest]: json({ name: "a", dependencies: { b: "1", d: "1" } }),
    },
    `it's "odd" ü`,
  );
  const outcome = await resolve(place);
  const commit = await expectResolved(place, outcome, {
    [log]: "changelog",
    [manifest]: "manifest",
  });
  expect(await place.show(commit, log)).toBe("# Changes\n\n- Theirs.\n- Ours.\n- Old.\n");
  expect(JSON.parse(await place.show(commit, manifest)).dependencies).toEqual({
    b: "1",
    c: "1",
    d: "1",
  });
});

test("one file that nothing settles keeps all of them from landing", async () => {
  await using place = await diverged(
    { "CHANGES.md": "- Old.\n", "a.ts": LINES },
    { "CHANGES.md": "- Theirs.\n- Old.\n", "a.ts": line("x") },
    { "CHANGES.md": "- Ours.\n- Old.\n", "a.ts": line("y") },
  );
  expect(await resolve(place)).toEqual({ kind: "conflict", files: ["a.ts"] });
});

test("a conflict that landed work has settled before is settled the same way", async () => {
  await using place = await diverged(
    { "a.ts": LINES },
    { "a.ts": line("x") },
    { "a.ts": line("y") },
  );
  const base = await place.oid("main");
  const worktree = join(place.folder, "settling");
  await place.git("worktree", "add", "-q", "--detach", worktree, "work");
  await runGit(worktree, ["merge", "-q", "main"], { okExitCodes: [1] });
  putFiles(worktree, { "a.ts": line("x and y") });
  await runGit(worktree, ["commit", "-qam", "merge"]);
  const merge = (await runGit(worktree, ["rev-parse", "HEAD"])).stdout.trim();
  await new ResolutionMemory(place.repo, join(place.folder, "memory")).learn(base, merge);
  const outcome = await resolve(place);
  const commit = await expectResolved(place, outcome, { "a.ts": "recorded" });
  expect(await place.show(commit, "a.ts")).toBe(line("x and y"));
});

test("a branch begun on another that landed squashed does not conflict with what it holds already", async () => {
  await using place = await createTestRepository({ "a.ts": LINES });
  const parent = await place.commitOn("parent", { "a.ts": line("five") });
  await place.git("branch", "work", "parent");
  await place.commitOn("work", { "a.ts": line("five and more") });
  await place.commitOn("main", { "a.ts": line("five"), "b.ts": "other\n" }, "parent, squashed");
  await place.git("reset", "-q", "--hard");
  expect(await resolve(place)).toMatchObject({ kind: "conflict" });
  const outcome = await resolve(place, noTool, [parent]);
  const commit = await expectResolved(place, outcome, { "a.ts": "stack" });
  expect(await place.show(commit, "a.ts")).toBe(line("five and more"));
  expect(await place.show(commit, "b.ts")).toBe("other\n");
});

/** Two libraries in the repository itself, so that npm needs no network; each side asks for one. */
async function withLocks(folder = "") {
  const libraries = Object.fromEntries(
    ["a", "b", "c"].map((name) => [
      `${folder}libs/${name}/package.json`,
      json({ name, version: "1.0.0" }),
    ]),
  );
  const place = await createTestRepository({ ...libraries, ".gitignore": "node_modules\n" });
  const run = runTool();
  const ask = async (branch: string, names: readonly string[]) => {
    const dependencies = Object.fromEntries(names.map((name) => [name, `file:libs/${name}`]));
    const manifest = json({ name: "app", version: "1.0.0", dependencies });
    const scratch = join(place.folder, `npm-${branch}`);
    putFiles(scratch, { ...libraries, [`${folder}package.json`]: manifest });
    const options = "--package-lock-only --ignore-scripts --no-audit --no-fund --offline";
    expect(await run(`npm install ${options}`, join(scratch, folder))).toBe(true);
    const lock = readFileSync(join(scratch, folder, "package-lock.json"), "utf8");
    await place.commitOn(branch, {
      [`${folder}package.json`]: manifest,
      [`${folder}package-lock.json`]: lock,
    });
  };
  await ask("main", ["a"]);
  await place.git("reset", "-q", "--hard");
  await place.git("branch", "work", "main");
  await ask("work", ["a", "b"]);
  await ask("main", ["a", "c"]);
  await place.git("reset", "-q", "--hard");
  return place;
}

test("package.json is merged by its keys and its lock file made anew, with no network and no script", async () => {
  const folder = `${ODD}/`;
  await using place = await withLocks(folder);
  const asked: string[] = [];
  const outcome = await resolve(place, runTool(undefined, asked));
  const commit = await expectResolved(place, outcome, {
    [`${folder}package.json`]: "manifest",
    [`${folder}package-lock.json`]: "lock",
  });
  const lock = JSON.parse(await place.show(commit, `${folder}package-lock.json`));
  expect(Object.keys(lock.packages[""].dependencies)).toEqual(["a", "b", "c"]);
  const installs = asked.filter((command) => command.startsWith("npm install"));
  expect(installs).toHaveLength(2);
  expect(installs.every((command) => /--ignore-scripts.*--offline/.test(command))).toBe(true);
});

test("without its tool a lock file is left", async () => {
  await using place = await withLocks();
  expect(await resolve(place, noTool)).toEqual({ kind: "conflict", files: ["package-lock.json"] });
});

/** A folder with one program, which is found before all others. */
function program(place: TestRepository, name: string, lines: string): string {
  const folder = join(place.folder, "bin");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${lines}\n`);
  chmodSync(join(folder, name), 0o755);
  return folder;
}

test.each([
  ["gives another result each time", 'echo "{\\"n\\": $(date +%N)$$}" > package-lock.json'],
  ["changes another file", "echo '{}' > package-lock.json; echo x >> package.json"],
  ["writes no JSON", "echo '<<<<<<< x' > package-lock.json"],
  ["fails", "exit 1"],
])("a tool that %s settles nothing", async (_, lines) => {
  await using place = await diverged(
    { "package.json": json({ name: "x" }), "package-lock.json": json({ v: 0 }) },
    { "package-lock.json": json({ v: 1 }) },
    { "package-lock.json": json({ v: 2 }) },
  );
  const outcome = await resolve(place, runTool(program(place, "npm", lines)));
  expect(outcome).toEqual({ kind: "conflict", files: ["package-lock.json"] });
});

test("a manifest that was merged is left when its lock file cannot follow", async () => {
  const start = json({ name: "app", dependencies: {} });
  const ask = (name: string) => json({ name: "app", dependencies: { [name]: "1.0.0" } });
  await using place = await diverged(
    { "package.json": start, "package-lock.json": json({ v: 0 }) },
    { "package.json": ask("a") },
    { "package.json": ask("b") },
  );
  const outcome = await resolve(place, runTool(program(place, "npm", "exit 1")));
  expect(outcome).toEqual({ kind: "conflict", files: ["package.json"] });
});

test("a merger that the person has settles what it settles whole", async () => {
  const path = `${ODD}/a.ts`;
  await using place = await diverged(
    { [path]: LINES },
    { [path]: line("const x = 1;") },
    { [path]: line("const y = 2;") },
  );
  // Its arguments: merge --git base ours theirs -p PATH. It writes into `ours`.
  const both = program(
    place,
    "mergiraf",
    'test "$7" = "$WANTED" || exit 3; { sed 5q "$4"; sed -n 5,9p "$5"; } > o; mv o "$4"',
  );
  const wanted = program(place, "env-check", ":");
  expect(wanted).toBe(both);
  const run = runTool(both);
  const withPath: RunTool = (command, cwd) =>
    run(`WANTED=${JSON.stringify(path).replaceAll("$", "\\$")}; export WANTED; ${command}`, cwd);
  const outcome = await resolve(place, withPath);
  const commit = await expectResolved(place, outcome, { [path]: "merger" });
  expect(await place.show(commit, path)).toBe(line("const x = 1;\nconst y = 2;"));
});

test.each([
  ["drops a side's line", 'sed -i s/theirs/gone/ "$5"; cat "$5" > "$4"'],
  ["leaves markers", 'echo "<<<<<<< ours" >> "$4"; cat "$5" >> "$4"'],
  ["gives up", "exit 1"],
])("a merger that %s settles nothing", async (_, lines) => {
  await using place = await diverged(
    { "a.ts": LINES },
    { "a.ts": line("ours") },
    { "a.ts": line("theirs") },
  );
  const outcome = await resolve(place, runTool(program(place, "mergiraf", lines)));
  expect(outcome).toEqual({ kind: "conflict", files: ["a.ts"] });
});

test("the lock file of a workspace stands beside its manifest or above it", () =>
  expect(lockPathsOf("packages/a/package.json")).toEqual(
    expect.arrayContaining([
      "package-lock.json",
      "packages/pnpm-lock.yaml",
      "packages/a/yarn.lock",
    ]),
  ));
