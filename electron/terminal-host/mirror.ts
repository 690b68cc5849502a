import { setTimeout as delay } from "node:timers/promises";
import type { Terminal } from "@xterm/headless";
import { cutAtCharacter } from "../../shared/contract/cut-at-character.ts";
import { findLastIntroducer } from "./find-last-introducer.ts";
import { limitAnswers } from "./limit-answers.ts";
import { newScreen } from "./new-screen.ts";
import { internalsOf } from "./screen-internals.ts";
import { writeSnapshot } from "./write-snapshot.ts";

const SCROLLBACK_LINES = 5000;
/** Parsed in one go, so that what is slow to parse keeps no other session waiting for long: most often less than 1 ms of work. */
const PARSED_AT_ONCE_BYTES = 16 * 1024;
/** Beyond this much unparsed output the mirror stops taking it from the pty and reads on from the log: memory stays bounded. */
const UNPARSED_MAX_BYTES = 8 * 1024 * 1024;
const CAUGHT_UP_FROM_LOG_BYTES = 1024 * 1024;
const READ_AGAIN_MS = 1000;
/** A title, link or clipboard text is never this long; an unterminated one would be collected for 10 MB. */
const STRING_MAX_BYTES = 256 * 1024;

// States of xterm's parser, from src/common/parser/Constants.ts.
const GROUND = 0;
const SOS_STRING = 7;
const OSC_STRING = 8;
const DCS_PASSTHROUGH = 13;

export interface Snapshot {
  /** Raw bytes of the log go on from here. */
  readonly offset: number;
  readonly cols: number;
  readonly rows: number;
  readonly bytes: Uint8Array;
}

interface MirrorParts {
  readonly cols: number;
  readonly rows: number;
  /** Answers to what the program asked its terminal. Given once, live. */
  readonly onReply: (text: string) => void;
  /** Must give at least one byte of what has been fed. */
  readonly readLog: (from: number, maxBytes: number) => Promise<Uint8Array>;
  /** Output that the screen could not take; the log has it all the same. */
  readonly onFault: (error: unknown) => void;
}

/** The screen of one session without a window: fed every byte of its output, it can be copied to a window at any time. */
export class Mirror {
  readonly #screen: Terminal;
  readonly #readLog: MirrorParts["readLog"];
  readonly #onFault: MirrorParts["onFault"];
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #isParsingDue = false;
  #parsedOffset = 0;
  #fedOffset = 0;
  /** Output so far; more than was fed while the mirror catches up from the log. */
  #endOffset = 0;
  #isReadingLog = false;
  /** The beginning of a control sequence whose end has not come yet. */
  #unfinished: Uint8Array = new Uint8Array();
  #isStringCut = false;
  #waiting: { readonly offset: number; resolve(): void }[] = [];
  #isDisposed = false;

  constructor(parts: MirrorParts) {
    this.#readLog = parts.readLog;
    this.#onFault = parts.onFault;
    this.#screen = newScreen(parts, SCROLLBACK_LINES);
    const answer = limitAnswers(parts.onReply);
    answerVersionQuery(this.#screen, answer);
    this.#screen.onData(answer);
  }

  get parsedOffset(): number {
    return this.#parsedOffset;
  }

  feed(bytes: Uint8Array): void {
    this.#endOffset += bytes.length;
    const isBehind = this.#fedOffset + bytes.length !== this.#endOffset;
    if (isBehind || this.#queuedBytes > UNPARSED_MAX_BYTES) return;
    this.#enqueue(bytes);
    this.#parseSoon();
  }

  resize(cols: number, rows: number): void {
    this.#screen.resize(cols, rows);
  }

  /** The screen as of everything parsed so far. */
  snapshot(scrollback: number): Snapshot {
    const text = writeSnapshot(this.#screen, scrollback);
    return {
      offset: this.#parsedOffset,
      cols: this.#screen.cols,
      rows: this.#screen.rows,
      bytes: Buffer.from(text + textOf(this.#unfinished)),
    };
  }

  /** Output from the snapshot's offset on that is not on the screen yet, in order; not all of it while the mirror is far behind. */
  unparsed(): readonly Uint8Array[] {
    return this.#queue;
  }

  /** The last lines that hold something, as plain text. */
  async lastLines(count: number): Promise<string[]> {
    await this.settled();
    const buffer = this.#screen.buffer.active;
    const lines: string[] = [];
    for (let row = 0; row < buffer.length; row++) {
      lines.push(buffer.getLine(row)?.translateToString(true) ?? "");
    }
    while (lines.at(-1) === "") lines.pop();
    return lines.slice(-count);
  }

  /** Resolves when all that was fed by now has been parsed, but for a cut character at its end. */
  settled(): Promise<void> {
    const offset = this.#endOffset;
    if (this.#isDisposed || this.#hasParsed(offset)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ offset, resolve }));
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#screen.dispose();
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  #enqueue(bytes: Uint8Array): void {
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    this.#fedOffset += bytes.length;
  }

  #parseSoon(): void {
    if (this.#isParsingDue || this.#isDisposed) return;
    this.#isParsingDue = true;
    setImmediate(() => {
      this.#isParsingDue = false;
      if (!this.#isDisposed) this.#parseNext();
    });
  }

  #parseNext(): void {
    const joined = this.#takeJoined();
    // xterm 6 decodes a character wrongly when it is cut after a 0x80 byte, so characters are never cut.
    const whole = cutAtCharacter(joined);
    if (whole < joined.length) this.#putBack(joined.subarray(whole));
    if (whole > 0) {
      const bytes = joined.subarray(0, whole);
      this.#parse(bytes);
      this.#parsedOffset += whole;
      this.#keepUnfinished(bytes);
    }
    this.#catchUpFromLog();
    this.#tellWaiting();
    if (whole > 0 && this.#queue.length > 0) this.#parseSoon();
  }

  /** A fault in xterm costs the rest of this piece on the screen, never the host with everyone's sessions. */
  #parse(bytes: string | Uint8Array): void {
    const { parse, _parser } = internalsOf(this.#screen)._inputHandler;
    try {
      parse.call(internalsOf(this.#screen)._inputHandler, bytes);
    } catch (error) {
      _parser.reset();
      this.#onFault(error);
    }
  }

  #keepUnfinished(bytes: Uint8Array): void {
    const state = internalsOf(this.#screen)._inputHandler._parser.currentState;
    if (state === GROUND) {
      this.#unfinished = new Uint8Array();
      this.#isStringCut = false;
      return;
    }
    const start = findLastIntroducer(bytes);
    if (start >= 0) this.#isStringCut = false;
    if (this.#isStringCut) return;
    const kept = start < 0 ? [this.#unfinished, bytes] : [bytes.subarray(start)];
    // Controls inside a sequence have been carried out already; inside a string they are part of it.
    this.#unfinished =
      state >= SOS_STRING ? Buffer.concat(kept) : Buffer.concat(kept).filter(isNoControl);
    if (this.#unfinished.length > STRING_MAX_BYTES) this.#cutString(state);
  }

  #cutString(state: number): void {
    this.#isStringCut = true;
    const restarted = restartOf(state);
    this.#unfinished = Buffer.from(restarted.slice(restarted.indexOf("\x1b")));
    this.#parse(restarted);
  }

  #catchUpFromLog(): void {
    const isBehind = this.#fedOffset < this.#endOffset;
    if (!isBehind || this.#isReadingLog || this.#queuedBytes > CAUGHT_UP_FROM_LOG_BYTES) return;
    this.#isReadingLog = true;
    this.#readLog(this.#fedOffset, CAUGHT_UP_FROM_LOG_BYTES)
      .then((bytes) => this.#enqueue(bytes))
      .catch((error: unknown) => {
        this.#onFault(error);
        return delay(READ_AGAIN_MS, undefined, { ref: false });
      })
      .then(() => {
        this.#isReadingLog = false;
        this.#parseSoon();
      });
  }

  #takeJoined(): Uint8Array {
    const taken: Uint8Array[] = [];
    let room = PARSED_AT_ONCE_BYTES;
    for (let next = this.#queue[0]; next && room > 0; next = this.#queue[0]) {
      const part = next.subarray(0, room);
      taken.push(part);
      room -= part.length;
      if (part.length < next.length) this.#queue[0] = next.subarray(part.length);
      else this.#queue.shift();
    }
    this.#queuedBytes -= PARSED_AT_ONCE_BYTES - room;
    return taken.length === 1 && taken[0] ? taken[0] : Buffer.concat(taken);
  }

  #putBack(bytes: Uint8Array): void {
    this.#queue.unshift(bytes);
    this.#queuedBytes += bytes.length;
  }

  #hasParsed(offset: number): boolean {
    const isIdle = this.#queuedBytes < 4 && this.#fedOffset === this.#endOffset;
    return isIdle || this.#parsedOffset >= offset;
  }

  #tellWaiting(): void {
    const done = this.#waiting.filter(({ offset }) => this.#hasParsed(offset));
    this.#waiting = this.#waiting.filter((one) => !done.includes(one));
    for (const { resolve } of done) resolve();
  }
}

/** xterm.js answers the other queries itself, but not XTVERSION, with which programs ask whom they talk to. */
function answerVersionQuery(screen: Terminal, onReply: (text: string) => void): void {
  screen.parser.registerCsiHandler({ prefix: ">", final: "q" }, () => {
    onReply("\x1bP>|xterm.js(6.0.0)\x1b\\");
    return true;
  });
}

/** Ends the sequence and begins one of the same kind that nothing collects, so that what follows goes on being swallowed. */
function restartOf(state: number): string {
  switch (state) {
    case OSC_STRING:
      return "\x18\x1b]99999;";
    case DCS_PASSTHROUGH:
      return "\x18\x1bPz";
    case SOS_STRING:
      return "\x18\x1bX";
    default:
      return "\x18\x1b[<";
  }
}

/** Without what is no character: xterm leaves it out, where others put a sign in its place. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).replaceAll("\ufffd", "");
}

function isNoControl(byte: number): boolean {
  return byte >= 0x20 || byte === 0x1b;
}
