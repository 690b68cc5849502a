import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** @typedef {{ passed: number, failed: number, skipped: number, reasons: Record<string, number> }} TestCounts */

/** @returns {TestCounts} */
export function emptyCounts() {
  return { passed: 0, failed: 0, skipped: 0, reasons: {} };
}

/**
 * @param {TestCounts} counts
 * @param {"passed" | "failed" | "skipped"} outcome
 * @param {string} [reason] why it was skipped
 */
export function countTest(counts, outcome, reason) {
  counts[outcome]++;
  if (outcome === "skipped") {
    const why = reason ?? "no reason given";
    counts.reasons[why] = (counts.reasons[why] ?? 0) + 1;
  }
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
