// `npm run check`: everything that can be said about the source without starting the app.
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { listCheckSteps } from "./check-steps.mjs";
import { ensureReady } from "./ensure-ready.mjs";
import { runSteps } from "./run-steps.mjs";

await ensureReady({ isBuilt: false });
const folder = mkdtempSync(path.join(os.tmpdir(), "switchyard-check-"));
try {
  const outcomes = await runSteps(listCheckSteps(path.join(folder, "unit.json")));
  const bad = outcomes.filter((outcome) => !outcome.isGood).map((outcome) => outcome.name);
  process.stdout.write(
    bad.length === 0 ? "\nAll checks are good.\n" : `\nFailed: ${bad.join(", ")}\n`,
  );
  process.exitCode = bad.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
