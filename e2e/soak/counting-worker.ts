import { existsSync, readFileSync } from "node:fs";
import { TAKE_MESSAGE, writeWorker } from "../worker-programs.ts";

/**
 * In the place of claude: says that it took its first message and then counts, one number a line, now slowly and now in a burst,
 * until it is ended. What it prints is known byte for byte, so a gap or a double in its pane shows.
 */
export function writeCountingWorker(folder: string): string {
  return writeWorker(folder, "counting-worker", COUNT);
}

const COUNT = `stty -echo
${TAKE_MESSAGE} > /dev/null 2>&1
n=0
while :; do
  n=$((n+1)); echo "line $n."
  [ $((n % 20)) = 0 ] && [ $((n % 2000)) -lt 1000 ] && sleep 0.1
done`;

/** What is wrong with the log of a counting session, in a sentence; null when it is the beginning of the count. */
export function findMiscount(log: string): string | null {
  const lines = log.split("\r\n");
  const last = lines.pop() ?? "";
  for (const [n, line] of lines.entries())
    if (line !== `line ${n + 1}.`)
      return `line ${n + 1} of its log is ${JSON.stringify(line.slice(0, 80))}`;
  return `line ${lines.length + 1}.\r`.startsWith(last)
    ? null
    : `its log ends with ${JSON.stringify(last.slice(0, 80))} after line ${lines.length}`;
}

export function readLog(file: string): Buffer {
  return existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
}
