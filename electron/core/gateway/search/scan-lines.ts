import { type FileHandle, open } from "node:fs/promises";

/** Read at once: a record of a day's work is a few of these. */
const PIECE_BYTES = 1 << 20;
/** A line that is longer, e.g. with a picture in it, is looked at in its beginning alone. */
const LINE_MAX_BYTES = 8 << 20;
const LINE_FEED = 0x0a;

export interface ScannedLine {
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
}

/**
 * The lines of a file that `pattern` (with the flag `g`) matches, in their order, read piece by piece. A file that is not there has none.
 * Whole pieces are searched, and lines are cut out only where something is found: about as fast as the disk gives them.
 */
export async function* scanLines(
  file: string,
  pattern: RegExp,
  signal: AbortSignal,
): AsyncGenerator<ScannedLine> {
  const opened = await open(file, "r").catch(() => null);
  if (!opened) return;
  await using _ = opened;
  let line = 1;
  for await (const piece of readPieces(opened, signal)) {
    yield* matchingLines(piece, pattern, line);
    line += countLines(piece);
  }
}

/** Every line from `from` on, at most `count`, and how many the file has. */
export async function readLines(
  file: string,
  from: number | null,
  count: number,
  signal: AbortSignal,
): Promise<{ readonly lines: readonly ScannedLine[]; readonly end: number }> {
  const opened = await open(file, "r").catch(() => null);
  if (!opened) return { lines: [], end: 0 };
  await using _ = opened;
  let kept: ScannedLine[] = [];
  let line = 1;
  for await (const piece of readPieces(opened, signal)) {
    for (const text of piece.toString("utf8").split("\n").slice(0, countLines(piece))) {
      const isWanted = from === null || (line >= from && line < from + count);
      if (isWanted) kept.push({ line, text });
      line += 1;
    }
    if (from === null) kept = kept.slice(-count);
  }
  return { lines: kept, end: line - 1 };
}

/** Pieces that end with a whole line, but for the last one. */
async function* readPieces(file: FileHandle, signal: AbortSignal): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for (;;) {
    signal.throwIfAborted();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, null);
    if (bytesRead === 0) break;
    const bytes = buffer.subarray(0, bytesRead);
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      yield Buffer.concat([rest, bytes.subarray(0, end)]);
      rest = Buffer.from(bytes.subarray(end));
    } else if (rest.length < LINE_MAX_BYTES) rest = Buffer.concat([rest, bytes]);
  }
  if (rest.length > 0) yield rest;
}

function* matchingLines(piece: Buffer, pattern: RegExp, first: number): Generator<ScannedLine> {
  const text = piece.toString("utf8");
  let line = first;
  let counted = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const start = text.lastIndexOf("\n", match.index) + 1;
    const feed = text.indexOf("\n", match.index);
    const end = feed < 0 ? text.length : feed;
    line += countIn(text, counted, start);
    counted = start;
    yield { line, text: text.slice(start, end) };
    pattern.lastIndex = end + 1;
    if (feed < 0) return;
  }
}

function countIn(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) {
    count += 1;
  }
  return count;
}

/** A last line without its end counts too. */
function countLines(piece: Buffer): number {
  let count = piece.at(-1) === LINE_FEED ? 0 : 1;
  for (let at = piece.indexOf(LINE_FEED); at >= 0; at = piece.indexOf(LINE_FEED, at + 1))
    count += 1;
  return count;
}
