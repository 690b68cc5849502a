import type { Rows } from "./find-row.ts";

/** How much of a prompt names its line: more can be wrapped otherwise than it was written. */
const NAMED_BY = 24;
/** What programs draw before what a person has sent. */
const SIGN = /^\s*[>❯›]\s+/u;

/**
 * The rows of a terminal that show one of these prompts, from the top. They are found by what stands there, so that they hold after a
 * resize and in a window that came later. The newest prompt is looked for first, from below, and each before the one after it.
 */
export function planMarks(rows: Rows, prompts: readonly string[]): readonly number[] {
  const wanted = prompts.map(beginningOf).filter((prompt) => prompt !== "");
  const marks: number[] = [];
  for (let row = rows.length - 1; row >= 0 && wanted.length > 0; row -= 1) {
    const { text, isWrapped } = rows.read(row);
    if (isWrapped || !SIGN.test(text)) continue;
    const shown = beginningOf(text.replace(SIGN, ""));
    // Some of the newest may have scrolled by in a pane that was cleared.
    const at = shown === "" ? -1 : wanted.findLastIndex((prompt) => prompt.startsWith(shown));
    if (at < 0) continue;
    marks.push(row);
    wanted.length = at;
  }
  return marks.reverse();
}

/** The mark to go to from the row that is at the top of what one sees; null where there is none that way. */
export function nextMark(marks: readonly number[], top: number, by: 1 | -1): number | null {
  return (by > 0 ? marks.find((row) => row > top) : marks.findLast((row) => row < top)) ?? null;
}

function beginningOf(text: string): string {
  return (text.trim().split("\n", 1)[0] ?? "").slice(0, NAMED_BY).trimEnd();
}
