import type { Terminal } from "@xterm/headless";
import fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryStream } from "./arbitrary-stream.ts";
import { copiedPicture, newMirror, PlainScreen, wholePicture } from "./cut-stream.ts";
import { Mirror } from "./mirror.ts";
import { internalsOf, readCell } from "./screen-internals.ts";
import { penOf } from "./write-style.ts";

const SIZE = { cols: 20, rows: 6 };
const { cols: COLS, rows: ROWS } = SIZE;

async function fed(mirror: Mirror, bytes: Uint8Array): Promise<Mirror> {
  mirror.feed(bytes);
  await mirror.settled();
  return mirror;
}

/** What a window makes of a copy. */
function shown(bytes: Uint8Array): Terminal {
  const window = new PlainScreen(SIZE);
  window.feed(bytes);
  return window.terminal;
}

async function checkCut(stream: Uint8Array, at: number): Promise<void> {
  const { copy, heldBack } = await copiedPicture(stream, at, SIZE);
  expect(heldBack).toBeLessThan(4);
  const where = `cut at ${at}: ${JSON.stringify(Buffer.from(stream).toString())}`;
  expect(copy, where).toEqual(wholePicture(stream, SIZE));
}

/** Arrow by arrow what Claude Code prints: an input box that is repainted, a spinner, coloured and wrapped text. */
function recordedScreen(): Uint8Array {
  let text = "\x1b[?2004h\x1b[?1004h\x1b[?2031h\x1b[?25l";
  for (let frame = 0; frame < 12; frame++) {
    text += `\x1b]0;${frame % 2 ? "⠂" : "⠐"} fixing\x07\x1b[2K\x1b[1A\x1b[2K\x1b[G`;
    text += `\x1b[38;2;215;119;87m✳\x1b[39m \x1b[1mThinking…\x1b[22m \x1b[2m(${frame}s)\x1b[22m\r\n`;
    text += `╭${"─".repeat(COLS - 2)}╮\r\n│ > \x1b[7m \x1b[27m${" ".repeat(COLS - 6)}│\r\n╰${"─".repeat(COLS - 2)}╯\r\n`;
    if (frame % 4 === 3) text += "a long line that wraps over the edge of the pane ✓\r\n";
  }
  return Buffer.from(`${text}\x1b[?25h`);
}

test("a screen copied anywhere in a random stream goes on as the original", async () => {
  const property = fc.asyncProperty(arbitraryStream, fc.nat(), async (stream, place) => {
    const at = 1 + (place % stream.length);
    await checkCut(stream.subarray(0, at), at);
    await checkCut(stream, at);
  });
  await fc.assert(property, { seed: 1, numRuns: 400 });
}, 60_000);

test("a screen of a coding session copied after any byte goes on as the original", async () => {
  const stream = recordedScreen();
  for (let at = 1; at < stream.length; at += 7) await checkCut(stream, at);
}, 60_000);

test("a copy keeps the links", async () => {
  const link = Buffer.from("see \x1b]8;;https://example.com/a\x1b\\here\x1b]8;;\x1b\\ now");
  const window = shown((await fed(newMirror(SIZE), link)).snapshot(0).bytes);
  const inner = internalsOf(window);
  const cell = readCell(window.buffer.active, 0, 5);
  expect(cell && inner._oscLinkService.getLinkData(penOf(cell).link)?.uri).toBe(
    "https://example.com/a",
  );
});

test("a copy has as much scrollback as asked for", async () => {
  const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`).join("\r\n");
  const mirror = await fed(newMirror(SIZE), Buffer.from(lines));
  const window = shown(mirror.snapshot(10).bytes);
  expect(window.buffer.active.length).toBe(10 + ROWS);
  expect(window.buffer.active.getLine(0)?.translateToString(true)).toBe(`line ${100 - 10 - ROWS}`);
});

test("answers the terminal's queries once each", async () => {
  const replies: string[] = [];
  await fed(
    newMirror(SIZE, (text) => replies.push(text)),
    Buffer.from("\x1b[c\x1b[>0q\x1b[6n\x1b[5n"),
  );
  expect(replies).toEqual(["\x1b[?1;2c", "\x1bP>|xterm.js(6.0.0)\x1b\\", "\x1b[1;1R", "\x1b[0n"]);
});

test("a copy asks nothing that a terminal would answer", async () => {
  const stream = Buffer.from("\x1b[c\x1b[6n\x1b]10;?\x07\x1bP$qm\x1b\\text");
  const replies: string[] = [];
  const copy = (await fed(newMirror(SIZE), stream)).snapshot(100).bytes;
  await fed(
    newMirror(SIZE, (text) => replies.push(text)),
    copy,
  );
  expect(replies).toEqual([]);
});

test("huge counts are carried out in no time", async () => {
  const bombs = ["S", "T", "L", "M", "b", "Z", "@", "P", "X", "I"];
  const stream = bombs.map((final) => `x\x1b[99999999${final}`).join("");
  const before = performance.now();
  const mirror = await fed(newMirror(SIZE), Buffer.from(stream.repeat(10)));
  expect(performance.now() - before).toBeLessThan(1000);
  await fed(mirror, Buffer.from("\x1b[2J\x1b[Hstill here"));
  expect(await mirror.lastLines(1)).toEqual(["still here"]);
});

test("no control sequence holds a screen up, whatever its numbers", () => {
  const begun = process.cpuUsage();
  for (const prefix of ["", "?", ">", "=", "<"]) {
    for (const intermediate of ["", " ", "!", "$", "'", '"', "#", "*"]) {
      using screen = new PlainScreen(SIZE);
      for (let final = 0x40; final < 0x7f; final++) {
        const rest = `${intermediate}${String.fromCharCode(final)}`;
        const large = `\x1b[${prefix}2147483647;2147483647;2147483647${rest}`;
        screen.feed(Buffer.from(`line\r\nword\x1b[${prefix}99999999${rest}${large}`));
      }
    }
  }
  const { user, system } = process.cpuUsage(begun);
  // All of them take a quarter of a second; one that is carried out takes eight seconds and longer.
  expect((user + system) / 1e6).toBeLessThan(6);
});

test("bytes that are no character stay out of a sequence that is not over", async () => {
  const stream = Buffer.concat([
    Buffer.from("a\x1b[31"),
    Buffer.from([0x95, 0x9c]),
    Buffer.from("mb"),
  ]);
  await checkCut(stream, stream.length - 2);
  const mirror = await fed(newMirror(SIZE), stream.subarray(0, -2));
  expect(Buffer.from(mirror.snapshot(0).bytes).toString()).not.toContain("\ufffd");
});

test("a copy keeps the last character of a full row when another character set follows it", async () => {
  const stream = Buffer.from(`${"m".repeat(COLS)}\x1b)0\x0emmm`);
  await checkCut(stream, stream.length - 3);
});

test("erasing to the left from the very last cell breaks nothing", async () => {
  const stream = Buffer.from(`\x1b[${ROWS};1H${"x".repeat(COLS)}\x1b[1Jafter`);
  await checkCut(stream, stream.length - 3);
});

test("the alternate screen has no lines above it, also when the terminal was larger before", () => {
  const screen = new PlainScreen({ cols: COLS, rows: 2 * ROWS });
  screen.terminal.resize(COLS, ROWS);
  screen.feed(Buffer.from(`\x1b[?1049h${"line\r\n".repeat(3 * ROWS)}`));
  expect(screen.terminal.buffer.active).toMatchObject({ length: ROWS, baseY: 0 });
});

test("what a smaller terminal has cut off does not come back", () => {
  const screen = new PlainScreen({ cols: COLS, rows: 2 * ROWS });
  screen.feed(Buffer.from(`\x1b[?1049h${"x".repeat(COLS)}\x1b[${2 * ROWS};1H\x1b7\x1b[H`));
  screen.terminal.resize(COLS - 5, ROWS);
  screen.feed(Buffer.from("\x1b[H\x1b[5P\x1b8\x1b[A!"));
  const line = (row: number) => screen.terminal.buffer.active.getLine(row)?.translateToString(true);
  expect([line(0), line(ROWS - 2)]).toEqual(["x".repeat(COLS - 10), "!"]);
});

test("a saved cursor goes up with its line, however many lines are kept above it", () => {
  const places = [0, 50, 4996, 6000].map((lines) => {
    using screen = new PlainScreen(SIZE);
    screen.feed(
      Buffer.from(`\x1bc${"line\r\n".repeat(lines)}\x1b[5;3H\x1b7\x1b[${ROWS};1H\n\n\n\x1b8`),
    );
    const inOrder = screen.terminal.buffer.active.cursorY;
    screen.feed(Buffer.from("\x1b[3J\x1b8"));
    return [inOrder, screen.terminal.buffer.active.cursorY];
  });
  expect(places).toEqual(Array(4).fill([1, 1]));
});

test("a line without an end is kept as far as the scrollback goes", () => {
  const screen = new PlainScreen(SIZE);
  screen.feed(Buffer.alloc(1 << 20, "0123456789"));
  screen.terminal.resize(3 * COLS, ROWS);
  screen.feed(Buffer.from("\r\nthe end"));
  const { active } = screen.terminal.buffer;
  expect(active.length).toBeLessThanOrEqual(5000 + ROWS);
  expect(active.getLine(active.length - 1)?.translateToString(true)).toBe("the end");
});

test("an endless title is swallowed without being collected", async () => {
  const mirror = newMirror(SIZE);
  await fed(mirror, Buffer.from("before \x1b]0;"));
  for (let piece = 0; piece < 20; piece++) await fed(mirror, Buffer.alloc(100_000, "t"));
  expect(mirror.snapshot(0).bytes.length).toBeLessThan(1000);
  await fed(mirror, Buffer.from("\x07after"));
  expect(await mirror.lastLines(1)).toEqual(["before after"]);
});

test("output that comes faster than it can be parsed is read again from the log", async () => {
  const log = Buffer.concat([Buffer.alloc(30_000_000, "0123456789\r\n"), Buffer.from("the end")]);
  const mirror = new Mirror({
    cols: COLS,
    rows: ROWS,
    onReply: () => {},
    onFault: () => {},
    readLog: async (from, maxBytes) => log.subarray(from, from + maxBytes),
  });
  for (let at = 0; at < log.length; at += 65_536) mirror.feed(log.subarray(at, at + 65_536));
  await mirror.settled();
  expect(mirror.parsedOffset).toBe(log.length);
  expect(await mirror.lastLines(1)).toEqual(["the end"]);
}, 30_000);
