import fc from "fast-check";
import { expect, test } from "vitest";
import { copiedPicture, PlainScreen, wholePicture } from "./cut-stream.ts";

const SIZE = { cols: 12, rows: 4 };

/** Columns as the real Claude Code reckons with them: seen from where it puts what follows. */
const WIDTHS: readonly (readonly [string, number])[] = [
  ["👍", 2],
  ["✅", 2],
  ["👍🏽", 2],
  ["👩‍👩‍👧", 2],
  ["👩‍💻", 2],
  ["🧑🏿‍🚀", 2],
  ["🏳️‍🌈", 2],
  ["🇩🇪", 2],
  ["🇩🇪🇫🇷", 4],
  ["🇩", 1],
  ["☂", 1],
  ["☂️", 2],
  ["1️⃣", 2],
  ["⚠", 1],
  ["e\u0301", 1],
  ["a\u0300\u0301", 1],
  ["漢字", 4],
  ["한국", 4],
  ["각", 2],
  ["नमस्ते", 4],
  ["ｱ", 1],
  ["Ａ", 2],
  ["…", 1],
  ["─", 1],
];

function columnsOf(text: string): number {
  using screen = new PlainScreen(SIZE);
  screen.feed(Buffer.from(text));
  return screen.terminal.buffer.active.cursorX;
}

function rowsOf(text: string): string[] {
  using screen = new PlainScreen(SIZE);
  screen.feed(Buffer.from(text));
  const { active } = screen.terminal.buffer;
  return [0, 1].map((row) => active.getLine(row)?.translateToString(true) ?? "");
}

test("a character takes the columns that Claude Code gives it", () => {
  expect(WIDTHS.map(([text]) => [text, columnsOf(text)])).toEqual(WIDTHS);
});

test("a character that does not fit into the last column goes to the next line whole", () => {
  for (const [text, width] of WIDTHS.filter(([, columns]) => columns === 2)) {
    const [first, second] = rowsOf(`${"x".repeat(SIZE.cols - 1)}${text}`);
    expect([first, second, width]).toEqual(["x".repeat(SIZE.cols - 1), text, 2]);
  }
});

test("a character that grows in the last column takes all of itself to the next line", () => {
  expect(rowsOf(`${"x".repeat(SIZE.cols - 1)}☂\ufe0f!`)).toEqual(["x".repeat(SIZE.cols - 1), "☂️!"]);
});

test("marks without end fill no cell", () => {
  using screen = new PlainScreen(SIZE);
  screen.feed(Buffer.from(`e${"\u0301".repeat(100_000)}`));
  const { active } = screen.terminal.buffer;
  const longest = Array.from({ length: active.length }, (_, row) =>
    Array.from({ length: SIZE.cols }, (_, column) =>
      active.getLine(row)?.getCell(column)?.getChars(),
    ),
  )
    .flat()
    .reduce((most, characters) => Math.max(most, characters?.length ?? 0), 0);
  expect(longest).toBe(31);
});

const parts = fc.constantFrom(
  ...[
    "x",
    "x",
    " ",
    "👩",
    "\u200d",
    "👧",
    "🇩",
    "🇪",
    "☂",
    "\ufe0f",
    "1",
    "\u20e3",
    "🏽",
    "\u0301",
    "漢",
  ],
  ...[
    "ᄒ",
    "ᅡ",
    "ᆫ",
    "न",
    "ि",
    "\u0600",
    "\r\n",
    "\x1b[D",
    "\x1b[C",
    "\x1b[m",
    "\x1b[5;12H",
    "\x1b[41m",
  ],
);

test("a screen copied between the parts of a character goes on as the original", async () => {
  const stream = fc.array(parts, { minLength: 2, maxLength: 60, size: "max" });
  const property = fc.asyncProperty(stream, fc.nat(), async (drawn, place) => {
    const bytes = Buffer.from(drawn.join(""));
    const { copy } = await copiedPicture(bytes, 1 + (place % bytes.length), SIZE);
    expect(copy, JSON.stringify(drawn.join(""))).toEqual(wholePicture(bytes, SIZE));
  });
  await fc.assert(property, { seed: 5, numRuns: 150 });
});
