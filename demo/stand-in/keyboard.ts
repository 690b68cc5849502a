import { StringDecoder } from "node:string_decoder";

export type KeyEvent =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "enter" | "escape" | "interrupt" | "end" | "clear" | "erase" };

const PASTE_START = "\x1b[200~";
const PASTE_END = "\x1b[201~";

/** Turns what a terminal sends into keys. A paste is text, line breaks included, even when it comes in several pieces. */
export class Keyboard {
  readonly #decoder = new StringDecoder("utf8");
  #paste: string | null = null;

  read(bytes: Buffer): readonly KeyEvent[] {
    const events: KeyEvent[] = [];
    let rest = this.#decoder.write(bytes);
    while (rest !== "") {
      if (this.#paste !== null) {
        const whole = this.#paste + rest;
        const end = whole.indexOf(PASTE_END);
        this.#paste = end < 0 ? whole : null;
        if (end < 0) return events;
        events.push({ kind: "text", text: whole.slice(0, end) });
        rest = whole.slice(end + PASTE_END.length);
      } else if (rest.startsWith(PASTE_START)) {
        this.#paste = "";
        rest = rest.slice(PASTE_START.length);
      } else {
        const { event, length } = readKey(rest);
        if (event) events.push(event);
        rest = rest.slice(length);
      }
    }
    return events;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: this is what a terminal sends.
const SEQUENCE = /^\x1b(?:\[[0-9;?<>=]*[A-Za-z~]|O[A-Za-z]|\][^\x07\x1b]*(?:\x07|\x1b\\))/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: printable text ends at the first of these.
const PRINTABLE = /^[^\x00-\x1f\x7f]+/;

function readKey(rest: string): { event: KeyEvent | null; length: number } {
  const sequence = SEQUENCE.exec(rest)?.[0];
  if (sequence) return { event: null, length: sequence.length };
  const text = PRINTABLE.exec(rest)?.[0];
  if (text) return { event: { kind: "text", text }, length: text.length };
  return { event: readControl(rest[0] ?? ""), length: 1 };
}

function readControl(char: string): KeyEvent | null {
  switch (char) {
    case "\r":
      return { kind: "enter" };
    case "\n":
      return { kind: "text", text: "\n" };
    case "\x1b":
      return { kind: "escape" };
    case "\x03":
      return { kind: "interrupt" };
    case "\x04":
      return { kind: "end" };
    case "\x15":
      return { kind: "clear" };
    case "\x7f":
      return { kind: "erase" };
    default:
      return null;
  }
}
