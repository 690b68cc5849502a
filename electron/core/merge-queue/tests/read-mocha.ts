import { type ReadRun, RunTally } from "./test-run.ts";

const INDENT = "       ";

/** Mocha's `spec` and `dot`: the totals, then each failure with its titles, one a line, the last with a colon. */
export const readMocha: ReadRun = (lines) => {
  const tally = new RunTally();
  let wasSeen = false;
  let isInFailures = false;
  let titles: string[] | null = null;
  for (const line of lines) {
    const total = /^ {2}(\d{1,9}) (passing|pending|failing)(?: \(.*\))?$/.exec(line);
    if (total) {
      const count = Number(total[1]);
      if (total[2] === "passing") {
        wasSeen = true;
        isInFailures = false;
        tally.passed += count;
      } else if (total[2] === "pending") tally.skipped += count;
      else {
        tally.failed += count;
        isInFailures = true;
      }
      continue;
    }
    if (!isInFailures) continue;
    const first = /^ {2}\d+\) (.+)$/.exec(line)?.[1];
    if (first) titles = [first];
    else if (titles && line.startsWith(INDENT)) titles.push(line.trim());
    else titles = null;
    if (!titles?.at(-1)?.endsWith(":")) continue;
    const name = titles.join(" > ").slice(0, -1);
    // What comes after a hook that fails was not run.
    if (/"(before|after) (all|each)" hook/.test(name)) tally.isBroken = true;
    tally.fail(name);
    titles = null;
  }
  return tally.finish(wasSeen);
};
