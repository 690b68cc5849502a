import { type ReadRun, RunTally } from "./test-run.ts";

const TOTAL = /^ {2}(\d{1,9}) (failed|flaky|skipped|passed|did not run|interrupted)\b/;

/** Playwright's `list`, `line` and `dot`: at the end each outcome with its number, and the names of what failed below it. */
export const readPlaywright: ReadRun = (lines) => {
  const tally = new RunTally();
  let wasSeen = false;
  let isBelowFailed = false;
  for (const line of lines) {
    if (/^Running \d+ tests? using \d+ workers?/.test(line)) wasSeen = true;
    if (/^Error: No tests found/.test(line)) wasSeen = true;
    if (/not a part of any test|^Testing stopped early/.test(line)) tally.isBroken = true;
    const name = /^ {4}(\S.*)$/.exec(line)?.[1];
    if (isBelowFailed && name) tally.fail(name.replace(/ ─+$/, "").replace(/:\d+:\d+ ›/, " ›"));
    const total = wasSeen ? TOTAL.exec(line) : null;
    if (!total) {
      if (!name) isBelowFailed = false;
      continue;
    }
    const count = Number(total[1]);
    isBelowFailed = total[2] === "failed";
    if (total[2] === "failed") tally.failed += count;
    else if (total[2] === "passed" || total[2] === "flaky") tally.passed += count;
    else if (total[2] === "skipped") tally.skipped += count;
    else tally.isBroken = true;
  }
  return tally.finish(wasSeen);
};
