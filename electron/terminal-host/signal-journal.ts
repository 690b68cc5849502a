import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { Signal } from "../../shared/contract/host-contract.ts";

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

  append(kind: Signal["kind"], body: unknown): Signal {
    const signal: Signal = { seq: this.lastSeq + 1, at: new Date().toISOString(), kind, body };
    const line = Buffer.from(`${JSON.stringify(signal)}\n`);
    for (let done = 0; done < line.length; ) done += writeSync(this.#file, line, done);
    this.#starts.push(this.#end);
    this.#end += line.length;
    return signal;
  }

  /** Signals with a number above `since`, oldest first. */
  since(since: number): Signal[] {
    const start = this.#starts[since];
    if (start === undefined) return [];
    const bytes = Buffer.alloc(this.#end - start);
    const size = readSync(this.#file, bytes, 0, bytes.length, start);
    const lines = bytes.toString("utf8", 0, size).split("\n").filter(Boolean);
    return lines.map((line) => Signal.parse(JSON.parse(line)));
  }

  close(): void {
    closeSync(this.#file);
  }
}
