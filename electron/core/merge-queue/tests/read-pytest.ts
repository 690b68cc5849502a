import { countIn, type ReadRun, RunTally } from "./test-run.ts";

const TOTALS =
  /^(?:=+ )?((?:no tests ran|\d+ [a-z]+)(?:, \d+ [a-z ]+)*) in [\d.]+s(?: \([\d:]+\))?(?: =+)?$/;

/** Pytest's last line, and the list before it that names what failed. */
export const readPytest: ReadRun = (lines) => {
  const tally = new RunTally();
  let wasSeen = false;
  for (const line of lines) {
    const totals = TOTALS.exec(line)?.[1];
    if (
      totals !== undefined &&
      /passed|failed|error|skipped|no tests|xfailed|deselected/.test(totals)
    ) {
      wasSeen = true;
      tally.failed += countIn(totals, "failed");
      tally.passed += countIn(totals, "passed", "xpassed");
      tally.skipped += countIn(totals, "skipped", "xfailed");
      if (countIn(totals, "error", "errors") > 0) tally.isBroken = true;
    }
    const failed = /^FAILED (.+::.+)$/.exec(line)?.[1];
    if (failed) tally.fail(withoutWhy(failed));
    // It was interrupted, or told to stop at the first; or a plugin fails the run for another reason, such as coverage.
    if (/^!+ .+ !+$|^FAIL Required |^ERROR: /.test(line)) tally.isBroken = true;
  }
  return tally.finish(wasSeen);
};

/** Up to the dash that begins the reason; a parameter in brackets can hold one too. */
function withoutWhy(failed: string): string {
  let depth = 0;
  for (let at = 0; at < failed.length; at++) {
    if (failed[at] === "[") depth += 1;
    else if (failed[at] === "]") depth -= 1;
    else if (depth <= 0 && failed.startsWith(" - ", at)) return failed.slice(0, at);
  }
  return failed;
}
