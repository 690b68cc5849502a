import headless, { type Terminal } from "@xterm/headless";
import { expect, test } from "vitest";
import { guardScreen } from "../../shared/contract/guard-screen.ts";
import { Mirror } from "./mirror.ts";
import { type InnerBuffer, internalsOf, readCell } from "./screen-internals.ts";
import { isSeenOnBlank, penOf } from "./write-style.ts";

const COLS = 20;
const ROWS = 6;

function newMirror(replies: string[] = []): Mirror {
  return new Mirror({
    cols: COLS,
    rows: ROWS,
    onReply: (text) => replies.push(text),
    readLog: () => Promise.reject(new Error("no log in this test")),
    onFault: (error) => {
      throw error;
    },
  });
}

async function fed(mirror: Mirror, bytes: Uint8Array): Promise<Mirror> {
  mirror.feed(bytes);
  await mirror.settled();
  return mirror;
}

/** What a window does with a snapshot and the raw bytes after it. */
async function shown(...parts: Uint8Array[]): Promise<Terminal> {
  const window = new headless.Terminal({ cols: COLS, rows: ROWS, allowProposedApi: true });
  guardScreen(window);
  // Joined as whole characters, as windows do: xterm's own decoder loses some that are cut.
  await new Promise<void>((resolve) => window.write(Buffer.concat(parts), resolve));
  return window;
}

/** Everything a person or the program could ever see of a screen. */
function picture(screen: Terminal) {
  const inner = internalsOf(screen);
  const { normal, alt } = inner._bufferService.buffers;
  const active = screen.buffer.active.type === "normal" ? normal : alt;
  const pen = penOf(inner._inputHandler._curAttrData);
  return {
    lines: screen.buffer.active.type === "normal" ? linesOf(screen, normal) : linesOf(screen, alt),
    behind: screen.buffer.active.type === "normal" ? [] : linesOf(screen, normal),
    cursor: [active.x, active.y],
    pen: describePen(pen),
    frames: [frameOf(normal), frameOf(active)],
    modes: {
      ...inner.coreService.decPrivateModes,
      insert: inner.coreService.modes.insertMode,
      isHidden: inner.coreService.isCursorHidden,
      protocol: inner.coreMouseService.activeProtocol,
      encoding: inner.coreMouseService.activeEncoding,
      lineFeed: screen.options.convertEol,
      type: screen.buffer.active.type,
    },
  };
}

function frameOf(buffer: InnerBuffer) {
  return {
    region: [buffer.scrollTop, buffer.scrollBottom],
    saved: [Math.min(buffer.savedX, COLS - 1), Math.max(buffer.savedY - buffer.ybase, 0)],
    tabs: Object.keys(buffer.tabs).filter((column) => Number(column) < COLS),
  };
}

function describePen(pen: ReturnType<typeof penOf>): string {
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

function linesOf(screen: Terminal, inner: InnerBuffer): string[] {
  const isActive = screen.buffer.active.type === "normal";
  const buffer =
    inner === internalsOf(screen)._bufferService.buffers.normal
      ? screen.buffer.normal
      : isActive
        ? screen.buffer.normal
        : screen.buffer.alternate;
  const lines: string[] = [];
  for (let row = 0; row < buffer.length; row++) {
    const cells: string[] = [];
    for (let column = 0; column < COLS; column++) {
      const cell = readCell(buffer, row, column);
      if (!cell) continue;
      const pen = penOf(cell);
      // A cursor behind the end of its row is brought back by printing there, which leaves a space where there was nothing.
      const isEdge = column === COLS - 1 && cell.getChars() === " ";
      const isBlank = isEdge || (cell.getChars() === "" && cell.getWidth() > 0);
      if (isBlank && !isSeenOnBlank(pen))
        cells.push(
          `_${pen.bg & 0x3000000 ? describePen({ ...pen, fg: 0, bg: pen.bg & 0x3ffffff, underline: 0, link: 0 }) : ""}`,
        );
      else cells.push(`${cell.getChars() || " "}${cell.getWidth()}${describePen(pen)}`);
    }
    const isWrapped = row > 0 && buffer.getLine(row)?.isWrapped;
    lines.push(`${isWrapped ? "+" : "|"}${cells.join(" ").replace(/( _)+$/, "")}`);
  }
  return lines;
}

async function checkCut(stream: Uint8Array, at: number): Promise<void> {
  const mirror = await fed(newMirror(), stream.subarray(0, at));
  const { offset, bytes } = mirror.snapshot(5000);
  expect(at - offset).toBeLessThan(4);
  const copy = await shown(bytes, stream.subarray(offset));
  const original = await shown(stream);
  const where = `cut at ${at}: ${JSON.stringify(Buffer.from(stream).toString())} snapshot ${JSON.stringify(Buffer.from(bytes).toString())}`;
  expect(picture(copy), where).toEqual(picture(original));
  mirror.dispose();
}

/** Numbers that look random and are the same in each run (mulberry32). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const csi = (text: string) => `\x1b[${text}`;
type Draw = (random: (below: number) => number) => string;
/** What terminals are told, roughly as often as programs tell it. */
const grammar: readonly Draw[] = [
  (r) => "the quick brown fox jumps".slice(0, 1 + r(24)),
  (r) => "lorem ipsum dolor sit amet ".repeat(2).slice(0, 1 + r(50)),
  (r) => ["✳ ", "─╮", "日本", "漢", "e\u0301", "👍", "✅", "·"][r(8)] ?? "",
  () => "\r\n",
  () => "\n",
  () => "\r",
  () => "\b",
  () => "\t",
  (r) => csi(`${1 + r(ROWS)};${1 + r(COLS)}H`),
  (r) => csi(`${r(8)}${"ABCDEFG"[r(7)]}`),
  (r) => csi(`${r(3)}J`),
  (r) => csi(`${r(3)}K`),
  (r) => csi(`${r(4)}${"LMPX@STbZI"[r(10)]}`),
  (r) => csi(`${[0, 1, 2, 3, 4, 5, 7, 8, 9, 21, 22, 23, 24, 27, 39, 49, 53, 55, 59][r(19)]}m`),
  (r) => csi(`${30 + r(8)};${40 + r(8)}m`),
  (r) => csi(`${90 + r(8)};1;2m`),
  (r) => csi(`38;5;${r(256)}m`) + csi(`48;2;${r(256)};${r(256)};${r(256)}m`),
  (r) => csi(`4:${r(6)};58;5;${r(256)}m`),
  () => csi("0m"),
  (r) =>
    csi(
      `?${[1, 6, 7, 25, 45, 66, 1000, 1002, 1003, 1004, 1006, 2004, 2026, 9][r(14)]}${"hl"[r(2)]}`,
    ),
  (r) => csi(`?${[47, 1047, 1049][r(3)]}${"hl"[r(2)]}`),
  (r) => csi(`${r(7)} q`),
  (r) => csi(`${1 + r(3)};${3 + r(4)}r`),
  () => csi("r"),
  (r) => ["\x1b7", "\x1b8", csi("s"), csi("u")][r(4)] ?? "",
  (r) => ["\x1b(0lqk\x1b(B", "\x1b(0", "\x1b(B", "\x0e", "\x0f", "\x1b)0"][r(6)] ?? "",
  (r) =>
    ["\x1bD", "\x1bM", "\x1bE", "\x1bH", csi("g"), csi("3g"), csi("20h"), csi("20l")][r(8)] ?? "",
  (r) => `\x1b]8;;https://example.com/${r(3)}\x1b\\link\x1b]8;;\x1b\\`,
  (r) => `\x1b]0;title ${r(9)}\x07`,
  () => "\x1bP$qm\x1b\\",
  (r) => csi(`${r(2)}"q`),
];

function randomStream(seed: number, length: number): Uint8Array {
  const random = randomNumbers(seed);
  let text = "";
  for (let count = 0; count < length; count++) {
    // Plain text is drawn as often as all the rest.
    const draw = grammar[random(2) === 0 ? random(5) : random(grammar.length)];
    text += draw?.(random) ?? "";
  }
  return Buffer.from(text);
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
  for (let seed = 1; seed <= 400; seed++) {
    const stream = randomStream(seed, 60);
    const at = 1 + randomNumbers(seed * 7919)(stream.length - 1);
    await checkCut(stream.subarray(0, at), at);
    await checkCut(stream, at);
  }
}, 60_000);

test("a screen of a coding session copied after any byte goes on as the original", async () => {
  const stream = recordedScreen();
  for (let at = 1; at < stream.length; at += 7) await checkCut(stream, at);
}, 60_000);

test("a copy keeps the links", async () => {
  const link = Buffer.from("see \x1b]8;;https://example.com/a\x1b\\here\x1b]8;;\x1b\\ now");
  const window = await shown((await fed(newMirror(), link)).snapshot(0).bytes);
  const inner = internalsOf(window);
  const cell = readCell(window.buffer.active, 0, 5);
  expect(cell && inner._oscLinkService.getLinkData(penOf(cell).link)?.uri).toBe(
    "https://example.com/a",
  );
});

test("a copy has as much scrollback as asked for", async () => {
  const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`).join("\r\n");
  const mirror = await fed(newMirror(), Buffer.from(lines));
  const window = await shown(mirror.snapshot(10).bytes);
  expect(window.buffer.active.length).toBe(10 + ROWS);
  expect(window.buffer.active.getLine(0)?.translateToString(true)).toBe(`line ${100 - 10 - ROWS}`);
});

test("answers the terminal's queries once each", async () => {
  const replies: string[] = [];
  await fed(newMirror(replies), Buffer.from("\x1b[c\x1b[>0q\x1b[6n\x1b[5n"));
  expect(replies).toEqual(["\x1b[?1;2c", "\x1bP>|xterm.js(6.0.0)\x1b\\", "\x1b[1;1R", "\x1b[0n"]);
});

test("a copy asks nothing that a terminal would answer", async () => {
  const stream = Buffer.from("\x1b[c\x1b[6n\x1b]10;?\x07\x1bP$qm\x1b\\text");
  const replies: string[] = [];
  const copy = (await fed(newMirror(), stream)).snapshot(100).bytes;
  await fed(newMirror(replies), copy);
  expect(replies).toEqual([]);
});

test("huge counts are carried out in no time", async () => {
  const bombs = ["S", "T", "L", "M", "b", "Z", "@", "P", "X", "I"];
  const stream = bombs.map((final) => `x\x1b[99999999${final}`).join("");
  const before = performance.now();
  const mirror = await fed(newMirror(), Buffer.from(stream.repeat(10)));
  expect(performance.now() - before).toBeLessThan(1000);
  await fed(mirror, Buffer.from("\x1b[2J\x1b[Hstill here"));
  expect(await mirror.lastLines(1)).toEqual(["still here"]);
});

test("erasing to the left from the very last cell breaks nothing", async () => {
  const stream = Buffer.from(`\x1b[${ROWS};1H${"x".repeat(COLS)}\x1b[1Jafter`);
  await checkCut(stream, stream.length - 3);
});

test("an endless title is swallowed without being collected", async () => {
  const mirror = newMirror();
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
