import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { Signal } from "../../shared/contract/host-contract.ts";
import { KEY_START, maskKeys } from "../core/base/mask-keys.ts";

/** A hook's body is 8 MiB at most; only what is no JSON can grow beyond that as a line, and then its body is left out. */
const LINE_MAX_BYTES = 10 * 1024 * 1024;
/** Lines that begin within so many bytes make one answer: with the last of them it stays below the 64 MiB of a socket's frame. */
const ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * What a session's program told the host, one JSON line each. A signal is in the file before anyone hears of it, so no core
 * that comes later misses it. It is not synced: what a power cut loses, the session it belongs to is lost with.
 */
export class SignalJournal {
  readonly #file: number;
  /** Where the line of each signal begins; a signal's number is its place here, counted from 1. */
  readonly #starts: number[] = [];
  #end: number;

  constructor(path: string) {
    this.#file = openSync(path, "a+", 0o600);
    this.#end = fstatSync(this.#file).size;
  }

  get lastSeq(): number {
    return this.#starts.length;
  }

  append(kind: Signal["kind"], body: unknown, terminal: NonNullable<Signal["terminal"]>): Signal {
    const at = new Date().toISOString();
    const told: Signal = { seq: this.lastSeq + 1, at, kind, terminal, body };
    const isTooLong = toLine(told).length > LINE_MAX_BYTES;
    const whole = isTooLong ? { ...told, body: null } : told;
    const line = toLine(whole);
    // As whoever reads it later will have it: without the keys that were in it.
    const hasKey = line.includes(KEY_START);
    const signal = hasKey ? Signal.parse(JSON.parse(line.toString())) : whole;
    try {
      for (let done = 0; done < line.length; ) done += writeSync(this.#file, line, done);
    } catch (error) {
      // A full disk takes half a line: the next one would not stand where it is looked for.
      ftruncateSync(this.#file, this.#end);
      throw error;
    }
    this.#starts.push(this.#end);
    this.#end += line.length;
    return signal;
  }

  /** Signals with a number above `since`, oldest first; of many only the next ones, as many as one answer carries. */
  since(since: number): Signal[] {
    const start = this.#starts[since];
    if (start === undefined) return [];
    const end = this.#starts.slice(since).find((each) => each > start + ANSWER_BYTES) ?? this.#end;
    const bytes = Buffer.alloc(end - start);
    const size = readSync(this.#file, bytes, 0, bytes.length, start);
    const lines = bytes.toString("utf8", 0, size).split("\n").filter(Boolean);
    return lines.map((line) => Signal.parse(JSON.parse(line)));
  }

  close(): void {
    closeSync(this.#file);
  }
}

function toLine(signal: Signal): Buffer {
  // No letter of a key stands for anything in JSON.
  return Buffer.from(`${maskKeys(JSON.stringify(signal))}\n`);
}
