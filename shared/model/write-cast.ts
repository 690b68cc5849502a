import type { TerminalMoment } from "./terminal-moment.ts";

export interface CastHead {
  readonly title: string;
  readonly startedAt: string;
  readonly cols: number;
  readonly rows: number;
}

/** The part of the platform's TextDecoder that is used; here there is no platform. */
interface StreamDecoder {
  decode(bytes?: Uint8Array, options?: { readonly stream: boolean }): string;
}

/** Between two moments what was printed is spread over the time between them, in pieces of this size. */
const PIECE_BYTES = 2_048;
/** Where no moment is known, a piece takes this long: about as fast as one can follow. */
const UNKNOWN_PIECE_S = 0.05;

/**
 * The lines of a recording as asciicast v2 from the bytes of a log, which can come in parts of any size. When each byte was printed is
 * as exact as the moments are near to each other; prompts are its markers.
 */
export class CastWriter {
  readonly #head: CastHead;
  readonly #moments: readonly TerminalMoment[];
  readonly #decoder: StreamDecoder;
  #next = 0;
  #offset = 0;
  #seconds = 0;
  #size: string;

  /** `decoder` makes text of bytes that can be cut in the middle of a letter. */
  constructor(head: CastHead, moments: readonly TerminalMoment[], decoder: StreamDecoder) {
    this.#decoder = decoder;
    this.#head = head;
    this.#moments = moments;
    this.#size = `${head.cols}x${head.rows}`;
  }

  head(): string {
    const { title, startedAt, cols, rows } = this.#first();
    const timestamp = Math.floor(Date.parse(startedAt) / 1000);
    const env = { TERM: "xterm-256color" };
    return line({ version: 2, width: cols, height: rows, timestamp, title, env });
  }

  write(bytes: Uint8Array): string {
    let text = this.#tellMoments();
    for (let at = 0; at < bytes.length; ) {
      const until = this.#moments[this.#next]?.offset ?? Number.POSITIVE_INFINITY;
      const length = Math.min(bytes.length - at, PIECE_BYTES, until - this.#offset);
      this.#seconds += this.#secondsFor(length, until);
      text += this.#print(this.#decoder.decode(bytes.subarray(at, at + length), { stream: true }));
      at += length;
      this.#offset += length;
      text += this.#tellMoments();
    }
    return text;
  }

  end(): string {
    return this.#print(this.#decoder.decode());
  }

  /** Its terminal begins as large as the first moment says: what a row says is how large it was last. */
  #first(): CastHead {
    const [first] = this.#moments;
    if (first) this.#size = `${first.cols}x${first.rows}`;
    return first ? { ...this.#head, cols: first.cols, rows: first.rows } : this.#head;
  }

  #secondsFor(length: number, until: number): number {
    const next = this.#moments[this.#next];
    if (!next) return (length / PIECE_BYTES) * UNKNOWN_PIECE_S;
    const left = this.#secondsOf(next) - this.#seconds;
    return Math.max(0, left) * (length / (until - this.#offset));
  }

  /** What came with the byte that was printed last. */
  #tellMoments(): string {
    let text = "";
    for (let moment = this.#moments[this.#next]; moment; moment = this.#moments[this.#next]) {
      if (moment.offset > this.#offset) break;
      this.#next += 1;
      this.#seconds = Math.max(this.#seconds, this.#secondsOf(moment));
      const size = `${moment.cols}x${moment.rows}`;
      if (size !== this.#size) text += line([this.#time(), "r", size]);
      this.#size = size;
      if (moment.prompt !== null) text += line([this.#time(), "m", moment.prompt]);
    }
    return text;
  }

  #print(text: string): string {
    return text === "" ? "" : line([this.#time(), "o", text]);
  }

  #secondsOf({ at }: TerminalMoment): number {
    return Math.max(0, (Date.parse(at) - Date.parse(this.#head.startedAt)) / 1000);
  }

  #time(): number {
    return Math.round(this.#seconds * 1e6) / 1e6;
  }
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
