export interface Paste {
  readonly text: string;
  /** Each line would be taken as a command of its own: the person is asked first. */
  readonly needsConsent: boolean;
  readonly lines: number;
}

/**
 * Makes pasted text safe to hand to a terminal. The end of a bracketed paste inside it would let the rest be typed; other
 * control characters could be keys. A program without bracketed paste would run what comes before each line break.
 */
export function preparePaste(raw: string, isBracketed: boolean): Paste {
  const unified = raw.replace(/\r\n?/g, "\n");
  const clean = withoutPasteMarks(unified).replace(/\p{Cc}/gu, (letter) =>
    letter === "\t" || letter === "\n" ? letter : "",
  );
  const text = isBracketed ? clean : clean.replace(/\n+$/, "");
  const lines = text.split("\n").length;
  return { text, lines, needsConsent: !isBracketed && lines > 1 };
}

/** The escape sequences that begin and end a bracketed paste, with both ways to write their introducer. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a paste mark begins with one.
const pasteMarks = /(?:\u001b\[|\u009b)20[01]~/g;

/** Again until none is left: taking one out can put another together. */
function withoutPasteMarks(text: string): string {
  let before = text;
  for (;;) {
    const after = before.replace(pasteMarks, "");
    if (after === before) return after;
    before = after;
  }
}
