import { PlainScreen } from "../../electron/terminal-host/cut-stream.ts";
import type { Size } from "../../electron/terminal-host/new-screen.ts";
import { cutAtCharacter } from "../../shared/contract/cut-at-character.ts";

/** All that a program printed, with the sizes its terminal had. */
export class Recording {
  readonly first: Size;
  readonly sizes: { readonly offset: number; readonly size: Size }[] = [];
  #bytes: Uint8Array = new Uint8Array();

  constructor(first: Size) {
    this.first = first;
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  print(bytes: Uint8Array): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
  }

  /** The terminal had this size from the byte at `offset` on. */
  resize(offset: number, size: Size): void {
    this.sizes.push({ offset, size });
  }
}

/** A terminal that had every byte of a recording at its size, up to any place in it. */
export class Reference implements Disposable {
  readonly #recording: Recording;
  #screen: PlainScreen;
  #offset = 0;
  #sizes = 0;
  readonly replies: string[] = [];

  constructor(recording: Recording) {
    this.#recording = recording;
    this.#screen = this.#begin();
  }

  /** The screen behind the byte before `offset`, when only the first `sizes` changes of its size had come. */
  at(offset: number, sizes: number): PlainScreen {
    if (offset < this.#offset || sizes !== this.#sizes) {
      this.#screen[Symbol.dispose]();
      this.#screen = this.#begin();
      for (const each of this.#recording.sizes.slice(0, sizes)) {
        this.#feed(each.offset);
        this.#screen.terminal.resize(each.size.cols, each.size.rows);
      }
      this.#sizes = sizes;
    }
    this.#feed(offset);
    return this.#screen;
  }

  [Symbol.dispose](): void {
    this.#screen[Symbol.dispose]();
  }

  #begin(): PlainScreen {
    this.#offset = 0;
    this.#sizes = 0;
    this.replies.length = 0;
    const screen = new PlainScreen(this.#recording.first);
    screen.terminal.onData((text) => this.replies.push(text));
    // The one question that xterm does not answer by itself.
    screen.terminal.parser.registerCsiHandler({ prefix: ">", final: "q" }, () => {
      this.replies.push("\x1bP>|xterm.js(6.0.0)\x1b\\");
      return true;
    });
    return screen;
  }

  #feed(until: number): void {
    const bytes = this.#recording.bytes.subarray(this.#offset, until);
    const whole = cutAtCharacter(bytes);
    this.#screen.feed(bytes.subarray(0, whole));
    this.#offset += whole;
  }
}
