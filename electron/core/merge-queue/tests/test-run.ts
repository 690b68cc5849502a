import { stripVTControlCharacters } from "node:util";

/** How many failing tests are kept of one run; more than these are a broken tree, not a flaky test. */
export const FAILURES_MAX = 100;
const NAME_MAX = 300;
/** Longer lines are data, not a runner's words. */
const LINE_MAX = 2_000;
/** What is before them was said long before the end; nine readers take a third of a second for so many. */
const LINES_MAX = 100_000;

/** What a run of tests says of itself. */
export interface TestRun {
  /** By whose words it was read, e.g. `vitest`. */
  readonly runner: string;
  readonly passed: number;
  readonly failed: number;
  /** Skipped, pending, to do, expected to fail. */
  readonly skipped: number;
  /** Names of tests that failed, each once; the same test has the same name in the next run. */
  readonly failures: readonly string[];
  /** Every test that failed is among `failures`, and nothing else went wrong that was said. */
  readonly isWhole: boolean;
}

export type ReadRun = (lines: readonly string[]) => Omit<TestRun, "runner"> | null;

/** Counts of one run, added up as it is read. */
export class RunTally {
  passed = 0;
  failed = 0;
  skipped = 0;
  isBroken = false;
  readonly failures = new Set<string>();

  fail(name: string): void {
    if (this.failures.size > FAILURES_MAX) return;
    // A file that fails as a whole did not get as far as its tests.
    if (/\.[cm]?[jt]sx?$/.test(name)) this.isBroken = true;
    this.failures.add(cleanName(name));
  }

  /** Null where no runner said how many tests there were. `isSure`: what else this runner's words have to say. */
  finish(wasSeen: boolean, isSure = true): ReturnType<ReadRun> {
    if (!wasSeen) return null;
    const { passed, failed, skipped, isBroken } = this;
    const failures = [...this.failures].slice(0, FAILURES_MAX);
    const isWhole = isSure && !isBroken && failures.length === failed;
    return { passed, failed, skipped, failures, isWhole };
  }
}

/** The last lines of an output, without colours and control characters. */
export function toLines(text: string): {
  readonly lines: readonly string[];
  readonly isCut: boolean;
} {
  const lines: string[] = [];
  let end = text.length;
  while (end >= 0 && lines.length < LINES_MAX) {
    const start = end === 0 ? 0 : text.lastIndexOf("\n", end - 1) + 1;
    lines.push(plain(text.slice(start, Math.min(end, start + LINE_MAX))).trimEnd());
    end = start - 1;
  }
  return { lines: lines.reverse(), isCut: end >= 0 };
}

const ERROR_LINE = /^[ℹ#*[ ]*(?:error|fail(?:ed|ure)?|coverage|rule violated)\b/i;
const MISSED =
  /\bcover(?:age|ed)\b.*\b(?:not (?:been )?(?:met|reached)|not meet|below|less than|minimum|incomplete|failed)\b/i;

/** Whether a line says that too little of the code was run by the tests, which fails a run like no test does. */
export function missesCoverage(line: string): boolean {
  return ERROR_LINE.test(line) && MISSED.test(line);
}

export function cleanName(name: string): string {
  return plain(name).replace(/\s+/g, " ").trim().slice(0, NAME_MAX).toWellFormed();
}

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a name must not carry to a terminal.
  return stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g, "");
}

/** The number before each of these words in a list such as `1 failed | 4 passed`. */
export function countIn(words: string, ...names: readonly string[]): number {
  return names.reduce((sum, name) => {
    const found = new RegExp(`(?:^|\\D)(\\d{1,9}) ${name}\\b`).exec(words);
    return sum + Number(found?.[1] ?? 0);
  }, 0);
}
