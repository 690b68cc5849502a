import type { CheckResult } from "../../../../shared/model/check.ts";
import type { TestRun } from "./test-run.ts";

/** Words of a command that runs the tests of what changed, which can be none. */
const IN_PART = /--?(?:only-?)?changed|--since|--lastcommit|--findrelatedtests|\baffected\b/i;

/** What settings say of a check; all of it can be left out. */
export interface TestSettings {
  /** Whether it runs tests and nothing else; left out, its output tells. */
  readonly tests?: boolean | undefined;
  /** A JUnit report that it writes, or a folder of them. */
  readonly report?: string | undefined;
  /** How often it is run again when it is red, before that counts. */
  readonly retries?: number | undefined;
}

/** What is known of a check before it runs. */
export interface TestKnowledge {
  /** How many tests ran when it last passed; 0: none were seen. */
  readonly ran: number;
  readonly quarantined: ReadonlySet<string>;
}

/**
 * What the tests that were read make of a result. A check that is known to run tests has not passed without one; and one that fails
 * by quarantined tests alone counts as passed, where the run is read as a whole and nothing can be behind it that did not run.
 */
export function judgeTests(
  ended: CheckResult,
  run: TestRun | null,
  known: TestKnowledge,
  told: TestSettings,
  isAlone: boolean,
): CheckResult {
  const ran = run ? run.passed + run.failed : 0;
  const isKnown = known.ran > 0 && !IN_PART.test(ended.command);
  const isTests = told.tests === true || told.report !== undefined || isKnown;
  if (ended.exitCode === 0 && ran === 0 && isTests) return withoutTests(ended, known);
  if (!run) return ended;
  const quarantined = run.failures.filter((test) => known.quarantined.has(test));
  const isExcused =
    isAlone &&
    run.isWhole &&
    run.failed > 0 &&
    ran >= known.ran &&
    isExitOf(run, ended.exitCode) &&
    quarantined.length === run.failures.length;
  return { ...ended, tests: { ...run, failures: [...run.failures], quarantined, isExcused } };
}

const NONE_RAN = "no test ran";

function withoutTests(ended: CheckResult, { ran }: TestKnowledge): CheckResult {
  const reason = `${NONE_RAN}${ran > 0 ? `, where ${ran} ran before` : ""}`;
  return { ...ended, exitCode: null, reason };
}

/** What a person can do where the tests of a check are gone on purpose; empty for any other end. */
export function wayOutOf({ name, reason }: Pick<CheckResult, "name" | "reason">): string {
  if (!reason?.startsWith(NONE_RAN)) return "";
  return `; if that is right: switchyard queue tests --forget ${JSON.stringify(name)}, or tests: false for this check in .switchyard/config.yaml`;
}

/** With what a runner ends for failed tests alone. */
function isExitOf({ runner, failed }: TestRun, exitCode: number | null): boolean {
  if (runner === "cargo test") return exitCode === 101;
  if (runner === "mocha") return exitCode === Math.min(failed, 255);
  return exitCode === 1;
}
