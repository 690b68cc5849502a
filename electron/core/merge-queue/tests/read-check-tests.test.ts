import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { CheckResult } from "../../../../shared/model/check.ts";
import type { TestSettings } from "./judge-tests.ts";
import { watchTests } from "./read-check-tests.ts";

const passes = (name: string) => `<testsuite><testcase name="${name}"/></testsuite>`;
const fails = (name: string) =>
  `<testsuite><testcase name="ok"/><testcase name="${name}"><failure/></testcase></testsuite>`;
const TOTALS =
  " FAIL  a.test.ts > a\n Test Files  1 failed (1)\n      Tests  1 failed | 1 passed (2)\n";

interface Place {
  readonly worktree: string;
  /** Below the worktree. */
  write(file: string, text: string): void;
}

/** Watches a check that does this in an empty worktree and prints that; gives what is known of its end. */
async function check(told: {
  readonly before?: (place: Place) => void;
  readonly work?: (place: Place) => void;
  readonly prints?: string;
  readonly exitCode?: number;
  readonly quarantined?: readonly string[];
  readonly settings?: TestSettings;
}): Promise<CheckResult> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "switchyard-reports-")));
  try {
    const [worktree, logFile] = [join(folder, "worktree"), join(folder, "check.log")];
    mkdirSync(worktree);
    const write = (file: string, text: string) => {
      mkdirSync(dirname(join(worktree, file)), { recursive: true });
      writeFileSync(join(worktree, file), text);
    };
    told.before?.({ worktree, write });
    writeFileSync(logFile, "9 passed in 0.01s\n");
    const known = { ran: 0, quarantined: new Set(told.quarantined) };
    const settings = told.settings ?? {};
    const judge = await watchTests(
      { run: "npx vitest run" },
      { worktree, logFile },
      known,
      settings,
    );
    told.work?.({ worktree, write });
    writeFileSync(logFile, told.prints ?? "", { flag: "a" });
    const ended = { exitCode: told.exitCode ?? 0, reason: null, durationMs: 1, tail: "" };
    return await judge({ name: "unit", command: "npx vitest run", ...ended });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("a report that the check wrote names its tests; one of before, and the log of before, say nothing", async () => {
  const before = ({ write }: Place) => write("test-results/old.xml", fails("old"));
  const work = ({ write }: Place) => write("test-results/new.xml", fails("new"));
  expect((await check({ before })).tests).toBeUndefined();
  expect((await check({ before, work, exitCode: 1 })).tests).toMatchObject({
    ...{ runner: "JUnit", passed: 1, failed: 1, failures: ["new"], isWhole: true },
  });
  const again = ({ write }: Place) => write("test-results/old.xml", passes("once more"));
  expect((await check({ before, work: again })).tests).toMatchObject({ passed: 1, failed: 0 });
});

test("a report at a place of its own is found by the settings, as a file or a folder", async () => {
  const work = ({ write }: Place) => {
    write("out/ci/unit.xml", passes("a"));
    write("out/ci/more.xml", passes("b"));
  };
  expect((await check({ work })).tests).toBeUndefined();
  const file = await check({ work, settings: { report: "out/ci/unit.xml" } });
  expect(file.tests).toMatchObject({ passed: 1 });
  expect((await check({ work, settings: { report: "out/ci" } })).tests).toMatchObject({
    passed: 2,
  });
  const none = await check({ settings: { report: "out/ci" } });
  expect(none).toMatchObject({ exitCode: null, reason: "no test ran" });
});

test("output and report have to agree before a failure is excused", async () => {
  const told = { prints: TOTALS, exitCode: 1, quarantined: ["a.test.ts > a"] };
  expect((await check(told)).tests).toMatchObject({ isExcused: true });
  const same = {
    ...told,
    quarantined: ["a"],
    work: ({ write }: Place) => write("junit.xml", fails("a")),
  };
  expect((await check(same)).tests).toMatchObject({ runner: "vitest", isExcused: true });
  const other = ({ write }: Place) => write("junit.xml", passes("a"));
  expect((await check({ ...told, work: other })).tests).toMatchObject({ isWhole: false });
  const broken = ({ write }: Place) => write("junit.xml", "<testsuite>");
  expect((await check({ ...told, work: broken })).tests).toMatchObject({ isExcused: false });
});

test("a failure beside coverage that is too low is not excused, whoever says so", async () => {
  for (const said of [
    "ERROR: Coverage for lines (50%) does not meet global threshold (90%)",
    "Coverage failure: total of 50 is less than fail-under=90",
    "[ERROR] Failed to execute goal org.jacoco: Coverage checks have not been met.",
    "Error: Coverage is below the failure threshold 50.00% < 90.00%",
  ]) {
    const prints = `${TOTALS}${said}\n`;
    const told = await check({ prints, exitCode: 1, quarantined: ["a.test.ts > a"] });
    expect(told.tests, said).toMatchObject({ failed: 1, isWhole: false, isExcused: false });
  }
  const prints = ` ✓ a.test.ts > an error of coverage below\n${TOTALS}Coverage report from v8\n`;
  const told = await check({ prints, exitCode: 1, quarantined: ["a.test.ts > a"] });
  expect(told.tests).toMatchObject({ isExcused: true });
});

test("a link out of the worktree, a pipe and a report without end are not read", async () => {
  const outside = mkdtempSync(join(tmpdir(), "switchyard-outside-"));
  try {
    writeFileSync(join(outside, "secret.xml"), passes("secret"));
    const work = ({ worktree }: Place) => {
      symlinkSync(join(outside, "secret.xml"), join(worktree, "junit.xml"));
      symlinkSync(outside, join(worktree, "test-results"));
      execFileSync("mkfifo", [join(worktree, "report.xml")]);
    };
    expect((await check({ work })).tests).toBeUndefined();
    expect((await check({ work, settings: { report: "test-results" } })).reason).toBe(
      "no test ran",
    );
  } finally {
    rmSync(outside, { recursive: true, force: true });
  }
  const large = ({ write }: Place) => write("junit.xml", `${passes("a")}${" ".repeat(9_000_000)}`);
  const told = await check({
    work: large,
    prints: TOTALS,
    exitCode: 1,
    quarantined: ["a.test.ts > a"],
  });
  expect(told.tests).toMatchObject({ isWhole: false, isExcused: false });
});

test("of an output of many megabytes the end is read, and then it explains no failure", async () => {
  const prints = `${"x".repeat(9_000_000)}\n${TOTALS}`;
  const told = await check({ prints, exitCode: 1, quarantined: ["a.test.ts > a"] });
  expect(told.tests).toMatchObject({ passed: 1, failed: 1, isWhole: false, isExcused: false });
});

test("where the settings say that a check runs no tests nothing is read", async () => {
  const told = await check({ prints: TOTALS, settings: { tests: false } });
  expect(told.tests).toBeUndefined();
});
