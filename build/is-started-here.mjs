import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * True in the file that Node was started with, false in one that was imported.
 *
 * @param {string} url the caller's `import.meta.url`
 */
export function isStartedHere(url) {
  const started = process.argv[1];
  return started !== undefined && realpathSync(started) === fileURLToPath(url);
}
