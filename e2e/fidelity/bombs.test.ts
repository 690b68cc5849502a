import { expect, test } from "vitest";
import { newMirror, PlainScreen } from "../../electron/terminal-host/cut-stream.ts";
import { muteAnswers } from "../../renderer/terminal/mute-answers.ts";

const SIZE = { cols: 80, rows: 24 };
const PIECE_BYTES = 16 * 1024;
const MUCH_BYTES = 4 * 1024 * 1024;

/** What a window makes of it, piece by piece; the processor's milliseconds that the slowest piece took. */
function printTo(screen: PlainScreen, bytes: Uint8Array): number {
  let slowest = 0;
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    const begun = process.cpuUsage();
    screen.feed(bytes.subarray(at, at + PIECE_BYTES));
    slowest = Math.max(slowest, process.cpuUsage(begun).user / 1000);
  }
  return slowest;
}

function mutedScreen(): { screen: PlainScreen; typed: string[] } {
  const screen = new PlainScreen(SIZE);
  const typed: string[] = [];
  muteAnswers(screen.terminal.parser);
  screen.terminal.onData((text) => typed.push(text));
  screen.terminal.onBinary((text) => typed.push(text));
  return { screen, typed };
}

const codes = [...Array(140).keys(), 633, 777, 1337, 7501, 99999];
const openings = [
  ...codes.map((code) => `\x1b]${code};`),
  ...["$q", "+q", "q", "|", "1$r", "{", "z"].map((rest) => `\x1bP${rest}`),
  ...["\x1b_G", "\x1b^", "\x1bX"],
];

test("no string of any kind is collected beyond its limit, answered by a window or carried out when it is too long", () => {
  const { screen, typed } = mutedScreen();
  let title = "";
  screen.terminal.onTitleChange((text) => {
    title = text;
  });
  let slowest = 0;
  for (const opening of openings) {
    const payload = Buffer.alloc(270_000, "?;1;rgb:11/22/33;");
    slowest = Math.max(slowest, printTo(screen, Buffer.concat([Buffer.from(opening), payload])));
    slowest = Math.max(slowest, printTo(screen, Buffer.from("\x07\x1b\\")));
  }
  printTo(screen, Buffer.from("still here"));
  expect(screen.terminal.buffer.active.getLine(0)?.translateToString(true)).toBe("still here");
  expect({ typed, title }).toEqual({ typed: [], title: "" });
  // A title of 10 MB takes 330 ms, and colours of as much 530 ms, where they are carried out.
  expect(slowest).toBeLessThan(150);
});

test("a string that begins and never ends leaves a mirror small, and so does its copy", async () => {
  for (const opening of [
    "\x1b]0;",
    "\x1b]8;;",
    "\x1b]52;c;",
    "\x1bPq",
    "\x1bP$q",
    "\x1b_G",
    "\x1b[",
  ]) {
    const mirror = newMirror(SIZE);
    mirror.feed(Buffer.from(opening));
    for (let fed = 0; fed < MUCH_BYTES; fed += MUCH_BYTES / 4) {
      mirror.feed(Buffer.alloc(MUCH_BYTES / 4, opening === "\x1b[" ? "1;" : "A"));
      await mirror.settled();
    }
    expect(mirror.snapshot(1000).bytes.length, JSON.stringify(opening)).toBeLessThan(1000);
    mirror.dispose();
  }
});

test("the clipboard is neither read nor written, whatever asks for it", () => {
  const { screen, typed } = mutedScreen();
  for (const where of ["", "c", "p", "s", "0", "cps01"]) {
    printTo(screen, Buffer.from(`\x1b]52;${where};?\x07\x1b]52;${where};QUJD\x1b\\`));
  }
  expect(typed).toEqual([]);
});

test("a listing in which everything is a link stays as fast as one without", () => {
  let number = 0;
  const link = () => `\x1b]8;;file:///w/${++number}\x1b\\a\x1b]8;;\x1b\\`;
  const lines = Array.from({ length: 8000 }, () => `${link()} ${link()} ${link()} ${link()}\r\n`);
  const { screen } = mutedScreen();
  // What follows the lines of every link took 360 ms for each piece.
  expect(printTo(screen, Buffer.from(lines.join("")))).toBeLessThan(150);
});

test("a program that repeats and shifts all it can holds nobody up", () => {
  const worst = [
    "x\x1b[65535b",
    "👩‍👩‍👧‍👦\x1b[65535b",
    "\x1b[500 @",
    "\x1b[500 A",
    "\x1b[H\x1b[500L",
    "\x1b[500T",
    "\x1b[500'}",
  ];
  for (const sequence of worst) {
    const { screen } = mutedScreen();
    expect(printTo(screen, Buffer.alloc(PIECE_BYTES, sequence)), sequence).toBeLessThan(400);
  }
});
