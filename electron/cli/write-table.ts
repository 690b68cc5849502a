import { stripVTControlCharacters } from "node:util";

const CELL_MAX = 60;

/** Columns set off by two spaces, no frames; numbers are left as they come. An empty table is `nothing`, a sentence. */
export function writeTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  nothing: string,
): string {
  if (rows.length === 0) return nothing;
  const lines = [head.map((title) => title.toUpperCase()), ...rows.map((row) => row.map(clean))];
  const widths = head.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)))
    .map((cells) => cells.join("  ").trimEnd())
    .join("\n");
}

/** `name: value` lines with the values under each other; empty values are left out. */
export function writeFields(
  fields: readonly (readonly [name: string, value: string | null])[],
): string {
  const shown = fields.filter(([, value]) => value !== null && value !== "");
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${clean(value ?? "")}`).join("\n");
}

/**
 * A text of several lines to be judged by a person, a command for one: whatever would steer the terminal or hide a part of it is
 * shown by its number instead, as in the window, e.g. `‹U+202E›`.
 */
export function writePlainly(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (letter) => {
    if (letter === "\t" || letter === "\n") return letter;
    const code = letter.codePointAt(0) ?? 0;
    return `‹U+${code.toString(16).toUpperCase().padStart(4, "0")}›`;
  });
}

/** What is done with a cell that may hold a whole sentence. */
export type Cut = (cell: string) => string;

/** On a terminal, where rows are compared: a whole sentence would push the columns after it out of sight. */
export function cutCell(text: string): string {
  const letters = [...text];
  return letters.length <= CELL_MAX ? text : `${letters.slice(0, CELL_MAX - 1).join("")}…`;
}

/** Names and titles come from repositories and workers: no control sequence of theirs reaches the person's terminal. */
function clean(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\p{Cf}]+/gu, " ");
}
