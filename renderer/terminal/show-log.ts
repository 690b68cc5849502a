import type { Terminal } from "xterm";

/** As much as one answer carries. */
const PIECE_BYTES = 1 << 20;
/** The last of a log; a screen with its scrollback is far less. */
const SHOWN_BYTES = 4 << 20;

/**
 * Ends what a program that is over may have left behind: a sequence without its end, the alternate screen, a hidden cursor, margins,
 * and modes in which a mouse or a paste would be typed to nobody.
 */
export const LET_GO = `\x18\x1b[?1047l\x1b[!p${[
  9, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2004, 2026,
]
  .map((mode) => `\x1b[?${mode}l`)
  .join("")}`;

/** Shows the end of what a program printed that nobody can attach to any more. `readLog` also tells how long the log is. */
export async function showLog(
  terminal: Pick<Terminal, "reset" | "write">,
  readLog: (from: number, maxBytes: number) => Promise<{ base64: string; end: number }>,
  signal: AbortSignal,
): Promise<void> {
  const write = (text: string) => new Promise<void>((resolve) => terminal.write(text, resolve));
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const { end } = await readLog(0, 1);
  let from = Math.max(0, end - SHOWN_BYTES);
  // What was shown while it lived is in the log too.
  if (!signal.aborted) terminal.reset();
  while (!signal.aborted && from < end) {
    const { base64 } = await readLog(from, PIECE_BYTES);
    if (base64 === "" || signal.aborted) break;
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    from += bytes.length;
    // As a text, because xterm decodes some characters wrongly that come in parts; and only as fast as it is parsed.
    await write(decoder.decode(bytes, { stream: true }));
  }
  if (!signal.aborted) await write(LET_GO);
}
