/** What a search told of a line: its beginning and end can have been cut off. */
export function coreOf(told: string): string {
  return told.replace(/^…/, "").replace(/…$/, "").trim();
}

/** The rows of a terminal as lines: a row that goes on from the one before it is part of that one's line. */
export interface Rows {
  readonly length: number;
  read(row: number): { readonly text: string; readonly isWrapped: boolean };
}

/** The first row of the lowest line that holds `text`, and the last row of that line; null where none does. */
export function findRow(rows: Rows, text: string): { first: number; last: number } | null {
  const wanted = text.trim();
  if (wanted === "") return null;
  let last = rows.length - 1;
  let line = "";
  for (let row = rows.length - 1; row >= 0; row -= 1) {
    const { text: part, isWrapped } = rows.read(row);
    line = part + line;
    if (isWrapped && row > 0) continue;
    if (line.includes(wanted)) return { first: row, last };
    last = row - 1;
    line = "";
  }
  return null;
}
