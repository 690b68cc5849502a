import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Clock } from "../base/clock.ts";
import { writeFileDurably } from "../base/write-file-durably.ts";

/** How long marks are gathered before one is written: it costs two syncs, which a burst of commits should not pay each. */
const GATHER_MS = 100;

const Mark = z.object({ store: z.string(), lastSeq: z.number().int().nonnegative() });

/**
 * The number of the newest event, in a file beside the database. SQLite does not notice when its newest commits vanish with a
 * damaged or missing write-ahead log; a database that is behind its mark has lost something.
 *
 * The mark may lag behind the database by what was committed in the last 100 ms, and by what came after a failure to write it:
 * only a loss within that goes unnoticed.
 */
export type Mark = z.infer<typeof Mark>;

/** Null when there is none; throws when there is one that cannot be read. */
export function readMark(file: string): Mark | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  return Mark.parse(JSON.parse(text));
}

export class MarkWriter implements Disposable {
  readonly #file: string;
  readonly #store: string;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  #pending: number | null = null;

  constructor(file: string, store: string, clock: Clock) {
    this.#file = file;
    this.#store = store;
    this.#clock = clock;
  }

  note(lastSeq: number): void {
    const isWaiting = this.#pending !== null;
    this.#pending = lastSeq;
    if (isWaiting) return;
    this.#clock.wait(GATHER_MS, this.#closing.signal).then(
      () => this.write(),
      () => undefined,
    );
  }

  write(): void {
    if (this.#pending === null) return;
    const mark: Mark = { store: this.#store, lastSeq: this.#pending };
    this.#pending = null;
    try {
      writeFileDurably(this.#file, `${JSON.stringify(mark)}\n`);
    } catch {
      // A full disk, most likely. The older mark stays true, and the next commit writes a newer one.
    }
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
    this.write();
  }
}
