import { countIn, type ReadRun, RunTally } from "./test-run.ts";

/** `cargo test`: by target. Without `--no-fail-fast` the targets after one that fails are not run, and then it says nothing whole. */
export const readCargoTest: ReadRun = (lines) => {
  const tally = new RunTally();
  let wasSeen = false;
  let target = "";
  let wentOn = false;
  for (const line of lines) {
    const next = /^ {2,}(?:Running (?:unittests )?(\S+) \(|Doc-tests (\S+)$)/.exec(line);
    if (next) target = next[1] ?? `doc ${next[2]}`;
    const failed = /^test (.+) \.\.\. FAILED$/.exec(line)?.[1];
    if (failed) tally.fail(`${target} ${failed}`);
    const totals = /^test result: (?:ok|FAILED)\. (.+)$/.exec(line)?.[1];
    if (totals) {
      wasSeen = true;
      tally.failed += countIn(totals, "failed");
      tally.passed += countIn(totals, "passed");
      tally.skipped += countIn(totals, "ignored");
    }
    if (/^error: \d+ targets? failed:$/.test(line)) wentOn = true;
    if (/^error: (?:could not compile|doctest failed)/.test(line)) tally.isBroken = true;
  }
  return tally.finish(wasSeen, wentOn || tally.failed === 0);
};
