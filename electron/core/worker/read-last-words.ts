import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

/** A line of a terminal or two: it becomes part of a sentence. */
const LAST_WORDS_MAX_BYTES = 300;

/** The last line of a program's output, without what steers a terminal; undefined when there is none. */
export function readLastWords(file: string): string | undefined {
  const lines = stripVTControlCharacters(readEnd(file)).split(/[\r\n]+/);
  return lines.map((line) => line.trim()).findLast((line) => line !== "");
}

function readEnd(file: string): string {
  let log: number;
  try {
    log = openSync(file, "r");
  } catch {
    // It printed nothing, or its log is out of reach: its end is told without its words.
    return "";
  }
  try {
    const end = Buffer.alloc(LAST_WORDS_MAX_BYTES);
    const from = Math.max(0, fstatSync(log).size - end.length);
    return end.toString("utf8", 0, readSync(log, end, 0, end.length, from));
  } finally {
    closeSync(log);
  }
}
