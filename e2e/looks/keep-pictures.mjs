// Takes the pictures anew that e2e/looks/pictures.spec.ts compares with: node e2e/looks/keep-pictures.mjs [PATTERN-OF-NAMES]
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { shrinkPng } from "./shrink-png.mjs";

const picturesFolder = path.join(import.meta.dirname, "pictures");
const [pattern] = process.argv.slice(2);
const startedAt = Date.now();
const words = [
  "test",
  "-c",
  "e2e",
  "--project=looks",
  "--timeout=900000",
  "--update-snapshots=all",
  "pictures",
];
words.push("--output", path.join(import.meta.dirname, "../../test-results/looks"));
if (pattern) words.push("--grep", pattern);
const cli = path.resolve(import.meta.dirname, "../../node_modules/@playwright/test/cli.js");
const run = spawnSync(process.execPath, [cli, ...words], { stdio: "inherit" });

let bytes = 0;
for (const folder of readdirSync(picturesFolder)) {
  const files = readdirSync(path.join(picturesFolder, folder)).map((name) =>
    path.join(picturesFolder, folder, name),
  );
  // Those of another browser would be compared with by nobody.
  const isOfThisRun = files.some((file) => statSync(file).mtimeMs >= startedAt);
  if (!isOfThisRun && run.status === 0)
    rmSync(path.join(picturesFolder, folder), { recursive: true });
  for (const file of isOfThisRun ? files : []) {
    const isNew = statSync(file).mtimeMs >= startedAt;
    // This one is compared byte by byte.
    if (isNew && path.basename(file) !== "letters.png")
      writeFileSync(file, shrinkPng(readFileSync(file)));
    bytes += statSync(file).size;
  }
}
process.stdout.write(`The pictures take ${(bytes / 1e6).toFixed(1)} MB.\n`);
process.exitCode = run.status ?? 1;
