import { countIn, type ReadRun, RunTally } from "./test-run.ts";

/** `cargo test`: by target. Without `--no-fail-fast` the targets after one that fails are not run, and then it says nothing whole. */
export const readCargoTest: ReadRun = (lines) => {
  const tally = new RunTally();
  let wasSeen = false;
  let target = "";
  let failedTargets = 0;
  let toldTargets: number | null = null;
  for (const line of lines) {
    const next = /^ {2,}(?:Running (?:unittests )?(\S+) \(|Doc-tests (\S+)$)/.exec(line);
    if (next) target = next[1] ?? `doc ${next[2]}`;
    const failed = /^test (.+) \.\.\. FAILED$/.exec(line)?.[1];
    if (failed) tally.fail(`${target} ${failed}`);
    if (line.startsWith("test result: FAILED.")) failedTargets += 1;
    const totals = /^test result: (?:ok|FAILED)\. (.+)$/.exec(line)?.[1];
    if (totals) {
      wasSeen = true;
      tally.failed += countIn(totals, "failed");
      tally.passed += countIn(totals, "passed");
      tally.skipped += countIn(totals, "ignored");
    }
    const told = /^error: (\d{1,9}) targets? failed:$/.exec(line)?.[1];
    if (told) toldTargets = (toldTargets ?? 0) + Number(told);
    if (/^error: (?:could not compile|doctest failed)/.test(line)) tally.isBroken = true;
  }
  // A target that crashes fails without a result.
  return tally.finish(
    wasSeen,
    toldTargets === null ? tally.failed === 0 : toldTargets === failedTargets,
  );
};
