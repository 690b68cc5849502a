import type { IBuffer, Terminal } from "@xterm/headless";
import { joinsTo } from "../../shared/contract/join-characters.ts";
import { internalsOf, type ScreenInternals, type StyledCell } from "./screen-internals.ts";
import {
  BACKGROUND,
  isSamePen,
  isSeenOnBlank,
  type Pen,
  PLAIN,
  penOf,
  writeStyle,
} from "./write-style.ts";

/**
 * Writes lines `from` to `to` (inclusive) of a buffer as control sequences for a blank screen of the same size, beginning at the
 * cursor in its first column. Ends with a plain pen.
 */
export function paintLines(screen: Terminal, buffer: IBuffer, from: number, to: number): string {
  const painter = new LinePainter(screen, buffer);
  if (screen.rows > 1 && buffer.getLine(from)?.isWrapped) painter.beginContinued();
  for (let row = from; row <= to; row++) {
    const isContinued = row < to && screen.rows > 1 && buffer.getLine(row + 1)?.isWrapped === true;
    if (isContinued) painter.joinWithNextLine();
    painter.paint(row);
    if (row < to) painter.nextLine(isContinued);
  }
  painter.setPen(PLAIN);
  return painter.text;
}

/** Combining marks begin at U+0300, and nothing below joins but to what stands above. */
const MAY_JOIN = /[^\0-\u02ff]/;

class LinePainter {
  text = "";
  readonly #internals: ScreenInternals;
  readonly #columns: number;
  readonly #buffer: IBuffer;
  #cell: StyledCell;
  #pen: Pen = PLAIN;

  constructor(screen: Terminal, buffer: IBuffer) {
    this.#internals = internalsOf(screen);
    this.#columns = screen.cols;
    this.#buffer = buffer;
    // A buffer's cell is xterm's CellData, which carries its style as plain numbers.
    this.#cell = buffer.getNullCell() as StyledCell;
  }

  setPen(pen: Pen): void {
    if (isSamePen(this.#pen, pen)) return;
    this.text += writeStyle(this.#pen, pen, this.#internals);
    this.#pen = pen;
  }

  /** Only a character printed past the edge marks the next line as a continuation: print one, and take both cells back. */
  joinWithNextLine(): void {
    this.setPen(PLAIN);
    this.text += `\x1b[${this.#columns}G  \r\x1b[X\x1b[A\x1b[${this.#columns}G\x1b[X\r`;
  }

  /** The first line goes on one that is not there: begin with one above it and take that away. */
  beginContinued(): void {
    this.joinWithNextLine();
    this.text += "\x1b[M";
  }

  nextLine(isContinued: boolean): void {
    // A line feed would scroll in a line of the pen's background, and would undo the joining.
    if (this.#pen.bg & BACKGROUND) this.setPen(PLAIN);
    this.text += isContinued ? "\r\x1b[B" : "\r\n";
  }

  paint(row: number): void {
    const line = this.#buffer.getLine(row);
    let isWide = false;
    /** What stands right before the cursor and would take in a character that joins it. */
    let before = "";
    let blanks = 0;
    let background = 0;
    const skipBlanks = (isRestEmpty: boolean) => {
      if (blanks === 0) return;
      if (background !== 0) {
        this.setPen({ ...PLAIN, bg: background });
        this.text += `\x1b[${blanks}X`;
      }
      if (!isRestEmpty) this.text += `\x1b[${blanks}C`;
      blanks = 0;
      before = "";
    };

    for (let column = 0; column < this.#columns; column++) {
      if (!line?.getCell(column, this.#cell)) break;
      const cell = this.#cell;
      const characters = cell.getChars();
      const isSecondHalf = isWide && cell.getWidth() === 0 && characters === "";
      isWide = cell.getWidth() === 2;
      if (isSecondHalf) continue;

      const pen = penOf(cell);
      const isCutOff = isWide && column === this.#columns - 1;
      if (characters !== "" && !isCutOff) {
        skipBlanks(false);
        if (this.#wouldJoin(before, characters)) this.#startAnew(pen);
        else this.setPen(pen);
        this.text += characters;
        before = characters;
      } else if (isSeenOnBlank(pen)) {
        skipBlanks(false);
        this.setPen(pen);
        this.text += " ";
        before = " ";
      } else {
        if ((pen.bg & BACKGROUND) !== background) skipBlanks(false);
        background = pen.bg & BACKGROUND;
        blanks++;
      }
    }
    skipBlanks(true);
  }

  #wouldJoin(before: string, characters: string): boolean {
    if (before === "" || !(MAY_JOIN.test(characters) || MAY_JOIN.test(before))) return false;
    return joinsTo(this.#internals.unicodeService, before, characters);
  }

  /** Sets the pen even if nothing changes: after a control sequence a character joins none. */
  #startAnew(pen: Pen): void {
    this.text += writeStyle(this.#pen, pen, this.#internals);
    this.#pen = pen;
  }
}
