import { countIn, type ReadRun, RunTally } from "./test-run.ts";

/** Jest's own reporters: `FAIL file` with a `●` for each test below it, then `Test Suites:` and `Tests:`. */
export const readJest: ReadRun = (lines) => {
  const tally = new RunTally();
  const files = new Set<string>();
  let wasSeen = false;
  let failedFiles = 0;
  let file: string | null = null;
  for (const line of lines) {
    const result = /^(PASS|FAIL) (.+?)(?: \([\d.]+ m?s\))?$/.exec(line);
    if (result) file = result[1] === "FAIL" ? (result[2] ?? null) : null;
    const name = /^ {2}● (.+)$/.exec(line)?.[1];
    if (name === "Test suite failed to run") tally.isBroken = true;
    else if (name && name !== "Console" && file !== null) {
      files.add(file);
      tally.fail(`${file} › ${name}`);
    }
    const suites = /^Test Suites: (.+)$/.exec(line)?.[1];
    if (suites) failedFiles += countIn(suites, "failed");
    const totals = /^Tests: +(.+)$/.exec(line)?.[1];
    if (totals && /\d total$/.test(totals)) {
      wasSeen = true;
      tally.failed += countIn(totals, "failed");
      tally.passed += countIn(totals, "passed");
      tally.skipped += countIn(totals, "skipped", "todo");
    }
    if (/^No tests found, exiting with code/.test(line)) wasSeen = true;
    // A threshold of its coverage was missed.
    if (/^Jest: /.test(line)) tally.isBroken = true;
  }
  return tally.finish(wasSeen, failedFiles === files.size);
};
