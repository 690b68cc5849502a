import headless, { type Terminal } from "@xterm/headless";
import { paintLines } from "./paint-lines.ts";
import {
  type InnerBuffer,
  internalsOf,
  readCell,
  type ScreenInternals,
} from "./screen-internals.ts";
import {
  BACKGROUND,
  isSamePen,
  isSeenOnBlank,
  type Pen,
  PLAIN,
  penOf,
  writeStyle,
} from "./write-style.ts";

/** How far up the beginning of a wrapped line is looked for, so that a snapshot does not start in its middle. */
const WRAPPED_LINES_MAX = 100;

/** New-line mode, a blinking and a hidden cursor outlive a reset in xterm 6. */
const UNTOUCHED_BY_RESET = "\x1b[20l\x1b[?12l\x1b[?25h";

/**
 * The whole screen as control sequences for a terminal of the same size that was just reset: up to `scrollback` lines above it,
 * both buffers, cursor, pen, margins, tab stops, character sets and modes.
 *
 * Written here and not with @xterm/addon-serialize, because that loses more than half of these. Exact but for: colours redefined
 * by OSC 4/10/11, the title, a cell without a character that is decorated or stands before the cursor (comes back as a space),
 * half of a wide character cut by a narrower window or by inserted columns (comes back blank), links whose first line has scrolled
 * away (the original forgets some of them), on a screen of one row whether a line is a continuation, and what `CSI b` repeats in
 * insert mode.
 */
export function writeSnapshot(screen: Terminal, scrollback: number): string {
  const internals = internalsOf(screen);
  const { normal, alt } = internals._bufferService.buffers;
  const isAlternate = screen.buffer.active.type === "alternate";

  let text = `${UNTOUCHED_BY_RESET}${isAlternate ? "" : writeHiddenSavedCursor(screen, alt)}`;
  const lines = screen.buffer.normal;
  text += paintLines(screen, lines, firstLine(screen, scrollback), lines.length - 1);
  if (isAlternate) {
    text += writeFrame(screen, normal);
    text += `${writeSavedCursor(screen, normal)}${plainCharset(internals)}\x1b[m\x1b[?47h\x1b[H`;
    text += paintLines(screen, screen.buffer.alternate, 0, screen.rows - 1);
  }
  const active = isAlternate ? alt : normal;
  text += writeFrame(screen, active);
  text += writeSavedCursor(screen, active);
  text += writeModes(screen, internals);
  text += writeCursor(screen, internals, active);
  return internals.coreService.modes.insertMode ? `${text}\x1b[4h` : text;
}

function firstLine(screen: Terminal, scrollback: number): number {
  const { normal } = screen.buffer;
  const wanted = Math.max(0, normal.length - screen.rows - scrollback);
  for (let row = wanted; row > Math.max(0, wanted - WRAPPED_LINES_MAX); row--) {
    if (!normal.getLine(row)?.isWrapped) return row;
  }
  return wanted;
}

/** Tab stops and scroll region. Moves the cursor. */
function writeFrame(screen: Terminal, buffer: InnerBuffer): string {
  let text = "";
  const columns = Array.from({ length: screen.cols }, (_, column) => column);
  if (columns.some((column) => (buffer.tabs[column] === true) !== (column % 8 === 0))) {
    const stops = columns.filter((column) => buffer.tabs[column]);
    text += `\x1b[3g${stops.map((column) => `\x1b[${column + 1}G\x1bH`).join("")}`;
  }
  if (buffer.scrollTop !== 0 || buffer.scrollBottom !== screen.rows - 1) {
    text += `\x1b[${buffer.scrollTop + 1};${buffer.scrollBottom + 1}r`;
  }
  return text;
}

/** Leaves position, pen and character set as saved. */
function writeSavedCursor(screen: Terminal, buffer: InnerBuffer): string {
  const internals = internalsOf(screen);
  const row = Math.min(Math.max(buffer.savedY - buffer.ybase, 0), screen.rows - 1);
  const column = Math.min(buffer.savedX, screen.cols - 1);
  const saved = buffer.savedCurAttrData;
  const pen = penOf({ ...saved, extended: { _ext: 0, urlId: 0 } });
  const charset = designate(internals._charsetService.glevel, buffer.savedCharset);
  return `\x1b[${row + 1};${column + 1}H${writeStyle(PLAIN, pen, internals)}${shift(internals)}${charset}\x1b7`;
}

/** What the alternate screen keeps while it is not shown: the next program to enter it may go back there. */
function writeHiddenSavedCursor(screen: Terminal, alternate: InnerBuffer): string {
  const { fg, bg } = alternate.savedCurAttrData;
  const isUntouched = alternate.savedX === 0 && alternate.savedY === 0 && fg === 0 && bg === 0;
  if (isUntouched && alternate.savedCharset === undefined) return "";
  const internals = internalsOf(screen);
  const plain = `${plainCharset(internals)}\x1b[m`;
  return `\x1b[?47h${writeSavedCursor(screen, alternate)}${plain}\x1b[?47l\x1b[H`;
}

function writeModes(screen: Terminal, internals: ScreenInternals): string {
  const { coreService, coreMouseService } = internals;
  const modes = coreService.decPrivateModes;
  const protocol = { NONE: "", X10: "9", VT200: "1000", DRAG: "1002", ANY: "1003" };
  const encoding = { DEFAULT: "", SGR: "1006", SGR_PIXELS: "1016" };
  const set = [
    modes.applicationCursorKeys && "1",
    modes.applicationKeypad && "66",
    modes.reverseWraparound && "45",
    modes.sendFocus && "1004",
    modes.bracketedPasteMode && "2004",
    modes.synchronizedOutput && "2026",
    screen.options.cursorBlink && "12",
    protocol[coreMouseService.activeProtocol],
    encoding[coreMouseService.activeEncoding],
    // Homes the cursor, which is placed after this.
    modes.origin && "6",
  ].filter((mode) => mode);
  let text = set.map((mode) => `\x1b[?${mode}h`).join("");
  if (!modes.wraparound) text += "\x1b[?7l";
  if (coreService.isCursorHidden) text += "\x1b[?25l";
  if (screen.options.convertEol) text += "\x1b[20h";
  if (modes.cursorStyle) {
    const steady = { block: 2, underline: 4, bar: 6 }[modes.cursorStyle];
    text += `\x1b[${modes.cursorBlink ? steady - 1 : steady} q`;
  }
  return text;
}

function writeCharsets(internals: ScreenInternals, buffer: InnerBuffer): string {
  const { _charsets, charset, glevel } = internals._charsetService;
  const all = [0, 1, 2, 3].map((level) => designate(level, _charsets[level])).join("");
  // A restored cursor brings its character set along without designating it, so only restoring it again tells the two apart.
  const isRestored = charset !== _charsets[glevel] && charset === buffer.savedCharset;
  return `${all}${shift(internals)}${isRestored ? "\x1b8" : ""}`;
}

/** Character sets, pen and cursor: after a printed character by printing it again, because a full row and `CSI b` know it. */
function writeCursor(screen: Terminal, internals: ScreenInternals, buffer: InnerBuffer): string {
  const pen = penOf(internals._inputHandler._curAttrData);
  const printed = lastPrinted(screen, internals, buffer, pen);
  const top = internals.coreService.decPrivateModes.origin ? buffer.scrollTop : 0;
  const column = printed ? printed.column : Math.min(buffer.x, screen.cols - 1);
  const place = `\x1b[${buffer.y - top + 1};${column + 1}H`;
  // What pen the saved cursor left is not tracked: start from one that differs in its link, then set all.
  const set = (from: Pen, to: Pen) => writeStyle(from, to, internals);
  const unknown: Pen = { ...PLAIN, link: -1 };
  const charsets = writeCharsets(internals, buffer);
  if (!printed) return charsets + place + set(unknown, pen);
  const after = isSamePen(printed.pen, pen) ? "" : set(printed.pen, pen);
  const again = `${place}${set(unknown, printed.pen)}${printed.text}${after}`;
  // The character set came after the character, and would make another one of it.
  const isBent = internals._charsetService.charset?.[printed.text] !== undefined;
  return isBent ? `${plainCharset(internals)}${again}${charsets}` : charsets + again;
}

function lastPrinted(screen: Terminal, internals: ScreenInternals, buffer: InnerBuffer, pen: Pen) {
  const isRowFull = buffer.x >= screen.cols;
  const hasJustPrinted = internals._inputHandler._parser.precedingJoinState !== 0;
  if (!isRowFull && (!hasJustPrinted || internals.coreService.modes.insertMode)) return null;

  const row = buffer.ybase + buffer.y;
  let column = buffer.x - 1;
  let cell = readCell(screen.buffer.active, row, column);
  if (cell?.getWidth() === 0 && cell.getChars() === "") {
    column--;
    cell = readCell(screen.buffer.active, row, column);
  }
  if (!cell || column < 0) return null;
  const cellPen = penOf(cell);
  const isWhole = column + Math.max(cell.getWidth(), 1) === buffer.x;
  if (!isRowFull && (!isWhole || !isSamePen(cellPen, pen))) return null;
  if (cell.getChars() !== "") return { column, text: cell.getChars(), pen: cellPen };
  // The row was erased below a cursor that stands behind its end: erasing to the left leaves it there.
  const isErased = isBlankRow(screen, row, cellPen);
  return {
    column,
    text: isErased ? " \x1b[1K" : " ",
    pen: isErased ? background(cellPen) : cellPen,
  };
}

function isBlankRow(screen: Terminal, row: number, pen: Pen): boolean {
  for (let column = 0; column < screen.cols; column++) {
    const cell = readCell(screen.buffer.active, row, column);
    if (cell?.getChars() !== "") return false;
    const own = penOf(cell);
    if (isSeenOnBlank(own) || !isSamePen(background(own), background(pen))) return false;
  }
  return true;
}

function background(pen: Pen): Pen {
  return { ...PLAIN, bg: pen.bg & BACKGROUND };
}

const GRAPHIC_SETS = "0A4C5RQKYE6ZH7=";
const INTERMEDIATES = ["(", ")", "*", "+"];
const SHIFTS = ["\x0f", "\x0e", "\x1bn", "\x1bo"];

/** Character sets are known by identity only: a terminal is asked once for each of them. */
const finalOfCharset: ReadonlyMap<object, string> = (() => {
  const inner = internalsOf(new headless.Terminal({ allowProposedApi: true }));
  const found = new Map<object, string>();
  for (const final of GRAPHIC_SETS) {
    inner._inputHandler.selectCharset(`(${final}`);
    const charset = inner._charsetService._charsets[0];
    if (charset && !found.has(charset)) found.set(charset, final);
  }
  return found;
})();

function designate(level: number, charset: object | undefined): string {
  const final = (charset && finalOfCharset.get(charset)) ?? "B";
  return `\x1b${INTERMEDIATES[level] ?? "("}${final}`;
}

function shift(internals: ScreenInternals): string {
  return SHIFTS[internals._charsetService.glevel] ?? "\x0f";
}

function plainCharset(internals: ScreenInternals): string {
  return designate(internals._charsetService.glevel, undefined);
}
