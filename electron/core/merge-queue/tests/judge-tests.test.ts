import { expect, test } from "vitest";
import { hasPassed } from "../../../../shared/model/check.ts";
import { isTestCommand } from "./is-test-command.ts";
import { judgeTests, type TestSettings, wayOutOf } from "./judge-tests.ts";
import type { TestRun } from "./test-run.ts";

function check(told: {
  readonly exitCode: number | null;
  readonly run?: Partial<TestRun> | null;
  readonly ranBefore?: number;
  readonly quarantined?: readonly string[];
  readonly settings?: TestSettings;
  readonly isAlone?: boolean;
  readonly command?: string;
  readonly is: "passed" | "failed" | "no verdict";
}): string | null {
  const { exitCode, run = {}, ranBefore: ran = 0, quarantined = [], settings = {} } = told;
  const { command = "npx vitest run" } = told;
  const ended = { name: "unit", command, exitCode, reason: null, durationMs: 1, tail: "" };
  const read = { runner: "vitest", passed: 9, failed: 0, skipped: 0, failures: [], isWhole: true };
  const known = { ran, quarantined: new Set(quarantined) };
  const full = run && { ...read, ...run };
  const judged = judgeTests(ended, full, known, settings, told.isAlone ?? true);
  const failed = judged.exitCode === null ? "no verdict" : "failed";
  expect(hasPassed(judged) ? "passed" : failed).toBe(told.is);
  return judged.reason;
}

const oneFails = { passed: 8, failed: 1, failures: ["a"] };
const a = ["a"];

test("what fails by quarantined tests alone counts as passed", () => {
  check({ exitCode: 1, run: oneFails, is: "failed" });
  check({ exitCode: 1, run: oneFails, quarantined: ["b"], is: "failed" });
  check({ exitCode: 1, run: oneFails, quarantined: a, ranBefore: 9, is: "passed" });
  const two = { passed: 7, failed: 2, failures: ["a", "b"] };
  check({ exitCode: 1, run: two, quarantined: a, is: "failed" });
  check({ exitCode: 1, run: two, quarantined: ["a", "b"], is: "passed" });
});

test("it stays red where anything else can be behind it", () => {
  check({ exitCode: 1, run: null, quarantined: a, is: "failed" });
  check({ exitCode: 1, run: { ...oneFails, isWhole: false }, quarantined: a, is: "failed" });
  check({ exitCode: 2, run: oneFails, quarantined: a, is: "failed" });
  check({ exitCode: 1, quarantined: a, is: "failed" });
  check({ exitCode: 1, run: oneFails, quarantined: a, isAlone: false, is: "failed" });
  check({ exitCode: 1, run: oneFails, quarantined: a, ranBefore: 10, is: "failed" });
});

test("each runner ends with a code of its own for failed tests", () => {
  const cargo = { ...oneFails, runner: "cargo test" };
  check({ exitCode: 101, run: cargo, quarantined: a, is: "passed" });
  check({ exitCode: 1, run: cargo, quarantined: a, is: "failed" });
  const mocha = { runner: "mocha", failed: 2, failures: ["a", "b"] };
  check({ exitCode: 2, run: mocha, quarantined: ["a", "b"], is: "passed" });
  check({ exitCode: 1, run: mocha, quarantined: ["a", "b"], is: "failed" });
});

test("a check that is known to run tests has not passed without one", () => {
  const none = { passed: 0, skipped: 5 };
  check({ exitCode: 0, run: none, is: "passed" });
  check({ exitCode: 0, run: null, is: "passed" });
  const why = check({ exitCode: 0, run: none, ranBefore: 12, is: "no verdict" });
  expect(why).toBe("no test ran, where 12 ran before");
  const wayOut = wayOutOf({ name: "unit", reason: why });
  expect(wayOut).toContain('switchyard queue tests --forget "unit"');
  expect(wayOutOf({ name: "unit", reason: "it was killed" })).toBe("");
  check({ exitCode: 0, run: null, ranBefore: 12, is: "no verdict" });
  check({ exitCode: 0, run: null, settings: { tests: true }, is: "no verdict" });
  check({ exitCode: 0, run: null, settings: { report: "junit.xml" }, is: "no verdict" });
  check({ exitCode: 0, ranBefore: 12, is: "passed" });
  for (const command of ["vitest run --changed main", "jest --onlyChanged", "nx affected -t test"])
    check({ exitCode: 0, run: none, ranBefore: 12, command, is: "passed" });
  check({ exitCode: 1, run: null, ranBefore: 12, is: "failed" });
});

test("a runner by itself is known by its command, a script by what its package manager says it runs", () => {
  const yes = [
    "npx vitest run",
    "CI=1 pytest -q 2>&1",
    "cd web && npx jest",
    "go test ./...",
    "uv run pytest",
  ];
  for (const command of yes) expect(isTestCommand(command, []), command).toBe(true);
  const no = [
    "npx vitest run && npx eslint .",
    "pytest | tee log",
    "make test",
    "./ci.sh",
    "npm test",
    "jest; true",
  ];
  for (const command of no) expect(isTestCommand(command, []), command).toBe(false);
  const said = (script: string) => ["> app@1.0.0 test", `> ${script}`, "", " RUN  v3"];
  expect(isTestCommand("npm test", said("vitest run"))).toBe(true);
  expect(isTestCommand("npm run -s test:unit", said("vitest run"))).toBe(true);
  expect(isTestCommand("npm test", said("vitest run && eslint ."))).toBe(false);
  expect(isTestCommand("npm test", said("run-s test lint"))).toBe(false);
  expect(isTestCommand("npm test", [...said("vitest run"), ...said("eslint .")])).toBe(false);
  expect(isTestCommand("yarn test", ["yarn run v1.22.22", "$ jest"])).toBe(true);
});
