import type { IParser } from "xterm";

/** No screen has more cells in a row or rows in a screen than this; a larger count only costs time. */
const COUNT_MAX = 10_000;

/** Scroll, insert, delete, repeat, tab: sequences whose cost grows with their count. Measured: `CSI 99999999 S` runs for more than ten seconds. */
const COUNTED = [
  { final: "S" },
  { final: "T" },
  { final: "L" },
  { final: "M" },
  { final: "b" },
  { final: "Z" },
  { final: "I" },
  { final: "@" },
  { final: "P" },
  { final: "X" },
  { intermediates: " ", final: "@" },
  { intermediates: " ", final: "A" },
  { intermediates: "'", final: "}" },
  { intermediates: "'", final: "~" },
] as const;

/** Questions of programs: the mirror in the terminal host answers them once; an answer from each window would be typed text. */
const QUERIES = [
  { final: "c" },
  { prefix: ">", final: "c" },
  { prefix: "=", final: "c" },
  { prefix: ">", final: "q" },
  { final: "n" },
  { prefix: "?", final: "n" },
  { intermediates: "$", final: "p" },
  { prefix: "?", intermediates: "$", final: "p" },
  { final: "t" },
] as const;

/** OSC numbers that set a colour and, with `?`, ask for it. */
const COLOUR_CODES = [4, 10, 11, 12] as const;
const CLIPBOARD_CODE = 52;

/** Takes out of a window's parser what can freeze it, what would type into the program, and what reaches the clipboard. */
export function guardParser(parser: IParser): void {
  for (const sequence of COUNTED) {
    parser.registerCsiHandler(sequence, (params) => isHuge(params));
  }
  for (const sequence of QUERIES) parser.registerCsiHandler(sequence, () => true);
  parser.registerDcsHandler({ intermediates: "$", final: "q" }, () => true);
  for (const code of COLOUR_CODES) {
    parser.registerOscHandler(code, (text) => text.includes("?"));
  }
  parser.registerOscHandler(CLIPBOARD_CODE, () => true);
}

/** True means handled: the sequence does nothing. */
export function isHuge(params: readonly (number | number[])[]): boolean {
  return params.some((param) => (Array.isArray(param) ? isHuge(param) : param > COUNT_MAX));
}
