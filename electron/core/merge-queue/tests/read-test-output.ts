import { readCargoTest } from "./read-cargo-test.ts";
import { readGoTest } from "./read-go-test.ts";
import { readJest } from "./read-jest.ts";
import { readMocha } from "./read-mocha.ts";
import { readNodeTest } from "./read-node-test.ts";
import { readPlaywright } from "./read-playwright.ts";
import { readPytest } from "./read-pytest.ts";
import { readTap } from "./read-tap.ts";
import { readVitest } from "./read-vitest.ts";
import { FAILURES_MAX, type ReadRun, type TestRun, toLines } from "./test-run.ts";

const readers: Readonly<Record<string, ReadRun>> = {
  vitest: readVitest,
  jest: readJest,
  mocha: readMocha,
  "node --test": readNodeTest,
  playwright: readPlaywright,
  pytest: readPytest,
  "go test": readGoTest,
  "cargo test": readCargoTest,
  TAP: readTap,
};

/** What the runners say whose words are in this output, all of them together; null where none is known. */
export function readTestOutput(text: string): TestRun | null {
  const { lines, isCut } = toLines(text);
  const runs = Object.entries(readers).flatMap(([runner, read]) => {
    const run = read(lines);
    return run ? [{ runner, ...run, isWhole: run.isWhole && !isCut }] : [];
  });
  return joinRuns(runs);
}

/** Null for none. */
export function joinRuns(runs: readonly TestRun[]): TestRun | null {
  const sum = (what: "passed" | "failed" | "skipped") =>
    runs.reduce((total, run) => total + run[what], 0);
  if (runs.length === 0) return null;
  const all = [...new Set(runs.flatMap(({ failures }) => failures))];
  const failures = all.slice(0, FAILURES_MAX);
  const failed = sum("failed");
  return {
    runner: [...new Set(runs.map(({ runner }) => runner))].join(", "),
    passed: sum("passed"),
    failed,
    skipped: sum("skipped"),
    failures,
    isWhole: runs.every(({ isWhole }) => isWhole) && failures.length === failed,
  };
}
