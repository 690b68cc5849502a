// `npm test`: the checks, the build, and the scenarios on every shell that can run here. Works in a fresh clone.
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { findBrowser } from "./browser.mjs";
import { listCheckSteps } from "./check-steps.mjs";
import { ensureReady } from "./ensure-ready.mjs";
import { runSteps } from "./run-steps.mjs";
import {
  addCounts,
  emptyCounts,
  isTooUnsteady,
  listNotable,
  readCounts,
  summarize,
} from "./test-counts.mjs";

await ensureReady({ isBuilt: false });
const browser = await findBrowser();
process.stdout.write(
  browser
    ? `Browser for the scenarios: ${browser}\n`
    : "No Chromium for the scenarios: install one, or run `npx playwright install chromium`.\n",
);
const folder = mkdtempSync(path.join(os.tmpdir(), "switchyard-test-"));
try {
  process.exitCode = await testAll(path.join(folder, "unit.json"), path.join(folder, "e2e.json"));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * @param {string} unitFile
 * @param {string} e2eFile
 * @returns {Promise<number>} the exit code
 */
async function testAll(unitFile, e2eFile) {
  const outcomes = await runSteps([
    ...listCheckSteps(unitFile),
    { name: "build", command: ["node", "build/build.mjs"] },
    {
      name: "scenarios",
      command: ["playwright", "test", "-c", "e2e", ...process.argv.slice(2)],
      env: { SWITCHYARD_COUNTS: e2eFile, ...(browser ? { SWITCHYARD_BROWSER: browser } : {}) },
      needs: "build",
    },
  ]);

  const total = emptyCounts();
  for (const file of [unitFile, e2eFile]) addCounts(total, readCounts(file) ?? emptyCounts());
  for (const line of listNotable(total)) process.stdout.write(`\n${line}`);
  const bad = outcomes.filter((outcome) => !outcome.isGood).map((outcome) => outcome.name);
  if (bad.length > 0) process.stdout.write(`\nFailed: ${bad.join(", ")}`);
  // Only tests are counted as passed; a step that failed without a failed test still shows as a failure.
  if (bad.length > 0 && total.failed === 0) total.failed = bad.length;
  if (isTooUnsteady(total)) process.stdout.write("\nFailed: too many tests are unsteady");
  process.stdout.write(`\n${summarize(total)}\n`);
  return total.failed === 0 && !isTooUnsteady(total) ? 0 : 1;
}
