import type { IBuffer, IBufferCellPosition, IBufferRange } from "xterm";

/** A line as a person reads it, with the cell of each of its letters. */
export interface TextLine {
  readonly text: string;
  /** For each place in `text`; counted from 1, as links are placed. */
  readonly cells: readonly IBufferCellPosition[];
}

/** A line can be one of minified code; more rows than this hold no name that anybody reads. */
const ROWS_MAX = 12;

/** The line that a row (counted from 1) is part of: one that is too long for the screen goes on in the rows below. */
export function readTextLine(buffer: IBuffer, row: number): TextLine {
  let first = row - 1;
  while (first > 0 && row - first < ROWS_MAX && buffer.getLine(first)?.isWrapped) first -= 1;
  let text = "";
  const cells: IBufferCellPosition[] = [];
  for (let y = first; y < first + ROWS_MAX; y += 1) {
    const line = buffer.getLine(y);
    if (!line || (y > first && !line.isWrapped)) break;
    for (let x = 0; x < line.length; x += 1) {
      const cell = line.getCell(x);
      // The second half of a wide letter holds nothing.
      if (!cell || cell.getWidth() === 0) continue;
      const letters = cell.getChars() || " ";
      text += letters;
      for (let n = 0; n < letters.length; n += 1) cells.push({ x: x + 1, y: y + 1 });
    }
  }
  return { text, cells };
}

/** What stands between two cells, as a link tells its place. */
export function readTextIn(buffer: IBuffer, { start, end }: IBufferRange): string {
  const { text, cells } = readTextLine(buffer, start.y);
  const isIn = ({ x, y }: IBufferCellPosition) =>
    (y > start.y || (y === start.y && x >= start.x)) && (y < end.y || (y === end.y && x <= end.x));
  return [...cells.keys()]
    .filter((at) => {
      const cell = cells[at];
      return cell !== undefined && isIn(cell);
    })
    .map((at) => text[at])
    .join("");
}
