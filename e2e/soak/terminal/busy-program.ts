import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Bytes that a busy session prints in a second, as they were measured of Claude Code. */
export const USUAL_BYTES_PER_SECOND = 8_000;
const FRAMES = 160;
const WIDTH = 96;
const BUSY = "busy-content";

/**
 * Writes a program that Switchyard takes for a provider and that repaints a screen like Claude Code's, without an end and many times
 * as fast. Returns its path.
 */
export function writeBusyProgram(folder: string, node: string, pauseS: number): string {
  writeFileSync(path.join(folder, BUSY), writeFrames());
  const file = path.join(folder, "busy-worker");
  writeFileSync(
    file,
    `#!/bin/sh
case "$1" in
  --version) echo "2.1.0 (a busy worker)"; exit ;;
  auth) echo '{"loggedIn":true,"authMethod":"claude.ai"}'; exit ;;
esac
while [ $# -gt 0 ]; do [ "$1" = --settings ] && settings=$2; shift; done
"${node}" -e '
  const { hooks } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
  const body = JSON.stringify({ hook_event_name: "UserPromptSubmit", prompt: "go" });
  fetch(hooks.UserPromptSubmit[0].hooks[0].url, { method: "POST", body });
' "$settings"
stty raw -echo
while :; do cat "${path.join(folder, BUSY)}"; sleep ${pauseS}; done
`,
  );
  chmodSync(file, 0o755);
  return file;
}

/** A live part that is erased upwards and printed again; now and then a line stays above it. */
function writeFrames(): string {
  const edge = "─".repeat(WIDTH - 2);
  const erase = `${"\x1b[2K\x1b[1A".repeat(4)}\x1b[2K\x1b[G`;
  const frames = Array.from({ length: FRAMES }, (_, n) => {
    const stays = n % 8 === 0 ? `● Read(src/file-${n}.ts) — 日本\r\n` : "";
    const spinner = `\x1b[38;5;174m${"·✢✳∗✻✽"[n % 6]}\x1b[39m Working… \x1b[2m(${n}s)\x1b[22m`;
    return `${erase}${stays}${spinner}\r\n\r\n╭${edge}╮\r\n│ > ${" ".repeat(WIDTH - 5)}│\r\n╰${edge}╯`;
  });
  return `\x1b]0;busy\x07\x1b]8;;https://example.com/\x1b\\link\x1b]8;;\x1b\\${frames.join("")}`;
}
