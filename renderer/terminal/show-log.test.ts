import headless from "@xterm/headless";
import { expect, test } from "vitest";
import { showLog } from "./show-log.ts";

const LETTERS_AT_ONCE = 8192;

function toBase64(bytes: Uint8Array): string {
  let letters = "";
  for (let at = 0; at < bytes.length; at += LETTERS_AT_ONCE) {
    letters += String.fromCharCode(...bytes.subarray(at, at + LETTERS_AT_ONCE));
  }
  return btoa(letters);
}

function readerOf(log: string) {
  const bytes = new TextEncoder().encode(log);
  return async (from: number, maxBytes: number) => ({
    base64: toBase64(bytes.subarray(from, from + maxBytes)),
    end: bytes.length,
  });
}

async function shown(log: string) {
  const terminal = new headless.Terminal({ cols: 40, rows: 5, allowProposedApi: true });
  await showLog(terminal, readerOf(log), new AbortController().signal);
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.length }, (_, row) =>
    active.getLine(row)?.translateToString(true),
  );
  return { terminal, lines: lines.filter((line) => line) };
}

test("a log of several pieces is shown to its end, and no character is broken where one ends", async () => {
  const line = "…—漢\r\n";
  const count = Math.ceil((1.2 * 2 ** 20) / new TextEncoder().encode(line).length);
  const { lines } = await shown(`${line.repeat(count)}the end`);
  expect(new Set(lines)).toEqual(new Set(["…—漢", "the end"]));
  expect(lines.at(-1)).toBe("the end");
});

test("of a log that is longer than anyone reads, the end is shown", async () => {
  const log = `${"x".repeat(5 << 20)}the end`;
  let text = "";
  const terminal = {
    reset: () => {},
    write: (piece: string | Uint8Array, onWritten?: () => void) => {
      text += piece;
      onWritten?.();
    },
  };
  await showLog(terminal, readerOf(log), new AbortController().signal);
  expect(text.length).toBeLessThan(5 << 20);
  expect(text).toContain("xthe end");
});

test("a program that died in the alternate screen leaves neither that nor a mouse behind", async () => {
  const crashed =
    "shell\r\n\x1b[?1049h\x1b[?1000h\x1b[?1006h\x1b[?2004h\x1b[?25leditor\x1b]0;unfinished";
  const { terminal, lines } = await shown(crashed);
  expect(lines).toEqual(["shell"]);
  expect(terminal.buffer.active.type).toBe("normal");
  expect(terminal.modes).toMatchObject({ mouseTrackingMode: "none", bracketedPasteMode: false });
});

test("a session that printed nothing shows nothing", async () => {
  expect((await shown("")).lines).toEqual([]);
});
