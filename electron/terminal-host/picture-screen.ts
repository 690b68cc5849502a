import type { IBuffer, Terminal } from "@xterm/headless";
import { type InnerBuffer, internalsOf, readCell } from "./screen-internals.ts";
import { isSeenOnBlank, type Pen, penOf } from "./write-style.ts";

/** Everything a person or the program could ever see of a screen, in words that can be compared. */
export interface Picture {
  /** The newest line last. */
  readonly lines: readonly string[];
  /** Of the normal screen while the alternate one is shown. */
  readonly behind: readonly string[];
  readonly state: unknown;
}

/** The newest `linesMax` lines. What `writeSnapshot` says it cannot bring along is left out. */
export function pictureOf(screen: Terminal, linesMax = Number.POSITIVE_INFINITY): Picture {
  const inner = internalsOf(screen);
  const { normal, alt } = inner._bufferService.buffers;
  const isNormal = screen.buffer.active.type === "normal";
  const active = isNormal ? normal : alt;
  return {
    lines: linesOf(screen, screen.buffer.active, linesMax),
    behind: isNormal ? [] : linesOf(screen, screen.buffer.normal, linesMax),
    state: {
      cursor: [active.x, active.y],
      pen: describePen(penOf(inner._inputHandler._curAttrData)),
      frames: [frameOf(screen, normal), frameOf(screen, active)],
      ...inner.coreService.decPrivateModes,
      insert: inner.coreService.modes.insertMode,
      isHidden: inner.coreService.isCursorHidden,
      protocol: inner.coreMouseService.activeProtocol,
      encoding: inner.coreMouseService.activeEncoding,
      lineFeed: screen.options.convertEol ?? false,
      blink: screen.options.cursorBlink ?? false,
      type: screen.buffer.active.type,
    },
  };
}

function frameOf(screen: Terminal, buffer: InnerBuffer) {
  const { cols, rows } = screen;
  // Below or beside a screen that became smaller, which is where a restored cursor is brought back to it.
  const savedY = Math.min(Math.max(buffer.savedY - buffer.ybase, 0), rows - 1);
  return {
    region: [buffer.scrollTop, buffer.scrollBottom],
    saved: [Math.min(buffer.savedX, cols - 1), savedY],
    tabs: Object.keys(buffer.tabs).filter((column) => Number(column) < cols),
  };
}

function describePen(pen: Pen): string {
  const colour = (packed: number) => {
    const mode = packed & 0x3000000;
    const kept = mode === 0x3000000 ? 0x3ffffff : mode === 0 ? 0 : 0x30000ff;
    return packed & kept;
  };
  const flags = (packed: number) => packed & ~0x3ffffff;
  // A restored cursor can leave an underline without a style, which is drawn as a plain one.
  const style = pen.fg & 0x10000000 ? pen.underline & 0x1c000000 || 1 << 26 : 0;
  return [colour(pen.fg), flags(pen.fg), colour(pen.bg), flags(pen.bg), style].join("/");
}

function linesOf(screen: Terminal, buffer: IBuffer, linesMax: number): string[] {
  const lines: string[] = [];
  for (let row = Math.max(0, buffer.length - linesMax); row < buffer.length; row++) {
    const cells = Array.from({ length: screen.cols }, (_, column) =>
      describeCell(screen, buffer, row, column),
    );
    const isWrapped = buffer.getLine(row)?.isWrapped;
    lines.push(`${isWrapped ? "+" : "|"}${cells.join(" ").replace(/( _)+$/, "")}`);
  }
  return lines;
}

function describeCell(screen: Terminal, buffer: IBuffer, row: number, column: number): string {
  const cell = readCell(buffer, row, column);
  if (!cell) return "";
  // A link shows on no blank, and xterm forgets some whose first line has scrolled away.
  const pen = { ...penOf(cell), link: 0 };
  const isCutOff = column === screen.cols - 1 && cell.getWidth() === 2;
  const isSecondHalf = cell.getWidth() === 0 && readCell(buffer, row, column - 1)?.getWidth() === 2;
  const characters = isCutOff ? "" : cell.getChars();
  // A cursor behind the end of its row is brought back by printing there, which leaves a space where there was nothing.
  const isBlank = (characters === "" && !isSecondHalf) || characters === " ";
  const width = isBlank ? 1 : cell.getWidth();
  if (!isBlank || isSeenOnBlank(pen)) return `${characters || " "}${width}${describePen(pen)}`;
  if ((pen.bg & 0x3000000) === 0) return "_";
  return `_${describePen({ fg: 0, bg: pen.bg & 0x3ffffff, underline: 0, link: 0 })}`;
}
