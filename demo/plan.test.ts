import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DemoTask, writeBody } from "./plan/demo-task.ts";
import { demoRules, demoTasks } from "./plan.ts";
import { runGit } from "./run-git.ts";
import {
  makeLargeRepository,
  makeSampleRepository,
  SAMPLE_TARGET,
} from "./sample-repository/make-sample-repository.ts";
import { readMarker } from "./scripted-model/read-marker.ts";
import type { ScriptStep } from "./scripted-model/step.ts";

let root: string;
let repository: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "demo-plan-"));
  repository = join(root, "repository");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("waits only for tasks that come before", () => {
  const seen = new Set<string>();
  for (const task of demoTasks) {
    for (const key of task.after) expect(seen).toContain(key);
    seen.add(task.key);
  }
});

test("carries its whole script in each task's text", () => {
  for (const task of demoTasks) {
    const marker = readMarker(writeBody(task));
    expect(JSON.parse(marker?.raw ?? "null")).toEqual(task.steps);
    expect(marker?.steps.map((step) => step.kind)).not.toContain("say");
  }
});

const order = (...keys: readonly string[]) => keys;

test("lands in the order it is written down", () => {
  makeSampleRepository(repository);
  landOneByOne(order(...demoTasks.map((task) => task.key)));
}, 60_000);

test("lands depth first", () => {
  makeSampleRepository(repository);
  landOneByOne(
    order(
      "arrive-by",
      "stations",
      "one-change",
      "past-midnight",
      "csv",
      "cli",
      "minutes",
      "via",
      "fares",
      "release",
    ),
  );
}, 60_000);

test("lands in waves, where the second board change comes back with a conflict", () => {
  makeSampleRepository(repository);
  expect(landInWaves(1)).toEqual(["minutes"]);
}, 60_000);

test("lands in waves taken from their ends", () => {
  makeSampleRepository(repository);
  expect(landInWaves(-1)).toEqual(["via"]);
}, 60_000);

test("works the same among two thousand files", () => {
  makeLargeRepository(repository);
  expect(runGit(repository, "ls-files").split("\n").length).toBeGreaterThanOrEqual(2000);
  landOneByOne(order("past-midnight", "csv"));
}, 60_000);

/** Each task begins when the one before has landed: nothing conflicts. */
function landOneByOne(keys: readonly string[]): void {
  for (const key of keys) {
    const task = taskOf(key);
    work(task);
    expect(land(task), key).toBe(true);
  }
}

/** All tasks that are ready begin together and land one after another. Gives those that came back with a conflict. */
function landInWaves(direction: 1 | -1): readonly string[] {
  const returned: string[] = [];
  const landed = new Set<string>();
  while (landed.size < demoTasks.length) {
    const ready = demoTasks.filter(
      (task) => !landed.has(task.key) && task.after.every((key) => landed.has(key)),
    );
    ready.forEach(work);
    for (const task of direction === 1 ? ready : ready.toReversed()) {
      if (!land(task)) {
        returned.push(task.key);
        const rule = demoRules.find((each) => new RegExp(each.prompt ?? "").test("a conflict"));
        play(worktreeOf(task), rule?.steps ?? []);
        expect(land(task), task.key).toBe(true);
      }
      landed.add(task.key);
    }
  }
  return returned;
}

function taskOf(key: string): DemoTask {
  const task = demoTasks.find((each) => each.key === key);
  if (!task) throw new Error(`there is no task ${key}`);
  return task;
}

const worktreeOf = (task: DemoTask) => join(root, task.key);

function work(task: DemoTask): void {
  runGit(repository, "worktree", "add", "--quiet", "-b", task.key, worktreeOf(task), SAMPLE_TARGET);
  const failures = play(worktreeOf(task), task.steps);
  expect(failures, task.key).toBe(task.key === "csv" ? 1 : 0);
}

/** Merges the task's branch into the target and runs the tests there; false when it conflicts. */
function land(task: DemoTask): boolean {
  try {
    runGit(repository, "merge", "--quiet", "--no-ff", "--no-edit", task.key);
  } catch {
    runGit(repository, "merge", "--abort");
    return false;
  }
  expect(doTestsPass(repository), `tests after ${task.key}`).toBe(true);
  return true;
}

/** Does in a worktree what the steps say, as Claude Code would. Gives how often `task_done` found failing tests. */
function play(worktree: string, steps: readonly ScriptStep[]): number {
  let failures = 0;
  let result = "";
  const queue = [...steps];
  for (let step = queue.shift(); step; step = queue.shift()) {
    if ("when" in step) {
      queue.unshift(...((new RegExp(step.when).test(result) ? step.do : step.otherwise) ?? []));
    } else if ("write" in step) {
      const file = join(worktree, step.write.path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, step.write.content);
    } else if ("edit" in step) {
      const file = join(worktree, step.edit.path);
      const [before, ...after] = readFileSync(file, "utf8").split(step.edit.old);
      result = after.length === 1 ? "updated" : "String to replace not found in file.";
      if (after.length === 1) writeFileSync(file, `${before}${step.edit.new}${after[0]}`);
    } else if ("bash" in step) {
      runShell(worktree, String(step.bash));
    } else if ("mcp" in step) {
      expect(runGit(worktree, "status", "--porcelain")).toBe("");
      if (!doTestsPass(worktree)) failures++;
    }
  }
  return failures;
}

/** A merge that conflicts ends with 1, and the worker goes on. */
function runShell(worktree: string, command: string): void {
  try {
    execFileSync("sh", ["-c", command], { cwd: worktree, stdio: "pipe" });
  } catch (error) {
    if (!command.startsWith("git merge")) throw error;
  }
}

function doTestsPass(folder: string): boolean {
  try {
    // One process for all files: several times faster than one for each, which is what the demo's checks do.
    execFileSync("node", ["--test", "--test-isolation=none"], {
      cwd: folder,
      stdio: "pipe",
      env: { PATH: process.env.PATH },
    });
    return true;
  } catch {
    return false;
  }
}
