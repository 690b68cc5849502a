import type { IParser } from "xterm";

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

/** Takes out of a window's parser what would type into the program, and what reaches the clipboard. */
export function muteAnswers(parser: IParser): void {
  for (const sequence of QUERIES) parser.registerCsiHandler(sequence, () => true);
  parser.registerDcsHandler({ intermediates: "$", final: "q" }, () => true);
  for (const code of COLOUR_CODES) {
    parser.registerOscHandler(code, (text) => text.includes("?"));
  }
  parser.registerOscHandler(CLIPBOARD_CODE, () => true);
}
