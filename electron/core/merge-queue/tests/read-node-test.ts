import { type ReadRun, RunTally } from "./test-run.ts";

/**
 * The `spec` reporter of `node --test`: a tree, the totals, then the tests that failed by themselves with their places. A test that
 * fails because of one inside it is in the tree and the totals alone.
 */
export const readNodeTest: ReadRun = (lines) => {
  const tally = new RunTally();
  const told = new Map<string, number>();
  let inTree = 0;
  let file: string | null = null;
  for (const line of lines) {
    const total = /^ℹ (tests|pass|fail|cancelled|skipped|todo) (\d{1,9})$/.exec(line);
    if (total?.[1]) told.set(total[1], (told.get(total[1]) ?? 0) + Number(total[2]));
    // A threshold of its coverage was missed.
    if (/^ℹ Error: /.test(line)) tally.isBroken = true;
    const place = /^test at (.+):\d+:\d+$/.exec(line)?.[1];
    const failed = /^ *✖ (.+) \([\d.]+ms\)/.exec(line)?.[1];
    if (failed && file !== null) tally.fail(`${file} > ${failed}`);
    else if (failed) inTree += 1;
    file = place ?? null;
  }
  const failed = told.get("fail") ?? 0;
  tally.passed = told.get("pass") ?? 0;
  tally.skipped = (told.get("skipped") ?? 0) + (told.get("todo") ?? 0);
  tally.failed = tally.failures.size;
  const isSure = (told.get("cancelled") ?? 0) === 0 && failed >= tally.failed && failed <= inTree;
  if (failed > 0 && tally.failed === 0) tally.failed = failed;
  return tally.finish(told.has("tests") && told.has("pass"), isSure);
};
