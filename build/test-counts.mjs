import { existsSync, readFileSync, writeFileSync } from "node:fs";

/**
 * What a run of tests came to. `unsteady`: names of tests that failed and then passed, counted as passed.
 * @typedef {{ passed: number, failed: number, skipped: number, reasons: Record<string, number>, failures: string[], unsteady: string[] }} TestCounts
 */

// A test that fails once is a defect to mend, named at the end; on a machine that others load, one or two do not hold up
// everything else. More than that is no accident.
const unsteadyAllowed = 2;

/** @returns {TestCounts} */
export function emptyCounts() {
  return { passed: 0, failed: 0, skipped: 0, reasons: {}, failures: [], unsteady: [] };
}

/**
 * @param {TestCounts} counts
 * @param {"passed" | "failed" | "skipped" | "unsteady"} outcome
 * @param {string} what the test's name; for a skipped one why it was skipped
 */
export function countTest(counts, outcome, what) {
  counts[outcome === "unsteady" ? "passed" : outcome]++;
  if (outcome === "skipped") counts.reasons[what] = (counts.reasons[what] ?? 0) + 1;
  if (outcome === "failed") counts.failures.push(what);
  if (outcome === "unsteady") counts.unsteady.push(what);
}

/**
 * @param {TestCounts} total takes the others in
 * @param {TestCounts} counts
 */
export function addCounts(total, counts) {
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  total.failures.push(...counts.failures);
  total.unsteady.push(...counts.unsteady);
  for (const [why, times] of Object.entries(counts.reasons)) {
    total.reasons[why] = (total.reasons[why] ?? 0) + times;
  }
}

/**
 * @param {TestCounts} counts
 * @returns {string[]} a line each: what was skipped and why, what was unsteady, what failed
 */
export function listNotable(counts) {
  return [
    ...Object.entries(counts.reasons).map(([why, times]) => `skipped ${times} × ${why}`),
    ...counts.unsteady.map((name) => `unsteady, passed at its second try: ${name}`),
    ...counts.failures.map((name) => `failed: ${name}`),
  ];
}

/**
 * @param {TestCounts} counts
 * @returns {boolean} whether more tests needed a second try than are let pass
 */
export function isTooUnsteady(counts) {
  return counts.unsteady.length > unsteadyAllowed;
}

/**
 * A reporter leaves its counts where the script that started it will look: SWITCHYARD_COUNTS.
 *
 * @param {TestCounts} counts
 */
export function writeCounts(counts) {
  const file = process.env.SWITCHYARD_COUNTS;
  if (file) writeFileSync(file, JSON.stringify(counts));
}

/**
 * @param {string} file
 * @returns {TestCounts | undefined} undefined when the reporter never got to its end
 */
export function readCounts(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/**
 * @param {TestCounts} counts
 * @returns {string} e.g. `12 passed, 0 failed, 1 skipped`
 */
export function summarize({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
