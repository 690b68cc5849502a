import { writeFileSync } from "node:fs";
import path from "node:path";
import { TAKE_MESSAGE, writeWorker } from "../../worker-programs.ts";

/** Bytes that a busy session prints in a second, as they were measured of Claude Code. */
export const USUAL_BYTES_PER_SECOND = 8_000;
const FRAMES = 160;
const WIDTH = 96;

/**
 * Writes a program that Switchyard takes for a provider and that repaints a screen like Claude Code's, without an end and many times
 * as fast. Returns its path.
 */
export function writeBusyProgram(folder: string, pauseS: number): string {
  const frames = path.join(folder, "busy-content");
  writeFileSync(frames, writeFrames());
  const body = `${TAKE_MESSAGE}
stty raw -echo
while :; do cat "${frames}"; sleep ${pauseS}; done`;
  return writeWorker(folder, "busy-worker", body);
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
