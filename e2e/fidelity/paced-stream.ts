import type { ByteStream } from "../../shared/contract/rpc.ts";

/** One stream between a host and a window in one process, which takes its time and can stand still. */
export class PacedStream implements ByteStream {
  readonly id = 0;
  /** The window's end. Gets what `mark` was when the frame was sent. */
  onFrame: (bytes: Uint8Array, mark: number) => void = () => {};
  readonly #mark: () => number;
  #onBytes: (bytes: Uint8Array) => void = () => {};
  #onAck: (count: number) => void = () => {};
  #waiting: (() => void)[] = [];
  #isDue = false;
  #isStill = false;
  #isClosed = false;

  constructor(mark: () => number) {
    this.#mark = mark;
  }

  send(bytes: Uint8Array): void {
    const mark = this.#mark();
    // A wire copies what it carries.
    const copied = Uint8Array.from(bytes);
    this.#carry(() => this.onFrame(copied, mark));
  }

  onBytes(listener: (bytes: Uint8Array) => void): void {
    this.#onBytes = listener;
  }

  onAck(listener: (count: number) => void): void {
    this.#onAck = listener;
  }

  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
  }

  type(bytes: Uint8Array): void {
    this.#carry(() => this.#onBytes(bytes));
  }

  ack(count: number): void {
    this.#carry(() => this.#onAck(count));
  }

  set isStill(isStill: boolean) {
    this.#isStill = isStill;
    this.#soon();
  }

  #carry(what: () => void): void {
    if (this.#isClosed) return;
    this.#waiting.push(what);
    this.#soon();
  }

  #soon(): void {
    if (this.#isDue || this.#isStill || this.#waiting.length === 0) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      if (this.#isStill) return;
      this.#waiting.shift()?.();
      this.#soon();
    });
  }
}
