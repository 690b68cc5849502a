import { countIn, type ReadRun, RunTally } from "./test-run.ts";

/** Vitest's own reporters: the list of failed tests, then the rows `Test Files` and `Tests`. */
export const readVitest: ReadRun = (lines) => {
  const tally = new RunTally();
  let wasSeen = false;
  for (const [at, line] of lines.entries()) {
    const totals = /^ +Tests {2}(.+)$/.exec(line)?.[1];
    if (totals !== undefined && / Test Files {2}/.test(lines[at - 1] ?? "")) {
      wasSeen = true;
      tally.failed += countIn(totals, "failed");
      tally.passed += countIn(totals, "passed");
      tally.skipped += countIn(totals, "skipped", "todo", "expected fail");
    }
    if (/^No test files found, exiting with code/.test(line)) wasSeen = true;
    const name = /^ FAIL {2}(?:\|[^|]*\| )?(.+)$/.exec(line)?.[1];
    if (name?.includes(" > ")) tally.fail(name);
    const heading = /^⎯+ ([A-Z][A-Za-z ]*?)(?: \d+)? ⎯+$/.exec(line)?.[1];
    if (heading && heading !== "Failed Tests") tally.isBroken = true;
    if (/^ +Errors {2}\d|^ERROR: Coverage/.test(line)) tally.isBroken = true;
  }
  return tally.finish(wasSeen);
};
