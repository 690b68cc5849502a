import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * In the place of claude: says that it took its first message and then counts, one number a line, now slowly and now in a burst,
 * until it is ended. What it prints is known byte for byte, so a gap or a double in its pane shows.
 */
export function writeCountingWorker(folder: string): string {
  const file = path.join(folder, "counting-worker");
  writeFileSync(file, program(process.execPath));
  chmodSync(file, 0o755);
  return file;
}

const program = (node: string) => `#!/bin/sh
case "$1" in
  --version) echo "2.1.0 (counting)"; exit ;;
  auth) echo '{"loggedIn":true,"authMethod":"claude.ai"}'; exit ;;
esac
stty -echo
while [ $# -gt 0 ]; do [ "$1" = --settings ] && settings=$2; shift; done
"${node}" -e '
  const { hooks } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
  const body = JSON.stringify({ hook_event_name: "UserPromptSubmit", prompt: "go" });
  fetch(hooks.UserPromptSubmit[0].hooks[0].url, { method: "POST", body }).catch(() => {});
' "$settings" > /dev/null 2>&1
n=0
while :; do
  n=$((n+1)); echo "line $n."
  [ $((n % 20)) = 0 ] && [ $((n % 2000)) -lt 1000 ] && sleep 0.1
done
`;

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
