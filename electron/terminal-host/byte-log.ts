import { closeSync, fdatasync, fstatSync, openSync, read, write } from "node:fs";
import { promisify } from "node:util";
import { KeyMask } from "../core/base/mask-keys.ts";

const writeAt = promisify(write);
const readAt = promisify(read);
const syncData = promisify(fdatasync);

const BATCH_MS = 50;
const BATCH_BYTES = 256 * 1024;
const SYNC_MS = 1000;
const RETRY_MS = 1000;

/**
 * Every byte a session printed, appended to one file in batches: measured at a third of the cost of a write per chunk. Keys of the
 * provider are masked in place: a screen forgets what it showed, a file does not.
 *
 * While the disk takes nothing, the bytes are kept and tried again; `waitingBytes` tells how many that are.
 */
export class ByteLog implements AsyncDisposable {
  readonly #file: number;
  readonly #start: number;
  readonly #mask = new KeyMask();
  readonly #onFault: (error: unknown) => void;
  #written = 0;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #batchTimer: NodeJS.Timeout | null = null;
  #syncTimer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;
  #isClosed = false;

  constructor(path: string, onFault: (error: unknown) => void) {
    this.#file = openSync(path, "a+", 0o600);
    this.#start = fstatSync(this.#file).size;
    this.#onFault = onFault;
  }

  get length(): number {
    return this.#written + this.#waitingBytes;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  append(bytes: Uint8Array): void {
    this.#waiting.push(this.#mask.mask(bytes));
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= BATCH_BYTES) void this.#writeBatch();
    else this.#batchTimer ??= setTimeout(() => void this.#writeBatch(), BATCH_MS);
  }

  /** Bytes from `from` on, at most `maxBytes`, perhaps fewer; what is not on the disk yet comes from memory. */
  async read(from: number, maxBytes: number): Promise<Uint8Array> {
    if (from < this.#written) {
      const buffer = Buffer.alloc(Math.min(maxBytes, this.#written - from));
      const { bytesRead } = await readAt(this.#file, buffer, 0, buffer.length, this.#start + from);
      return buffer.subarray(0, bytesRead);
    }
    const waiting = Buffer.concat(this.#waiting);
    const at = from - this.#written;
    return waiting.subarray(at, at + maxBytes);
  }

  /** Everything appended so far is on the disk, or the disk has been tried once. */
  async sync(): Promise<void> {
    await this.#writing;
    await this.#writeBatch();
    await syncData(this.#file).catch(this.#onFault);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    await this.sync();
    this.#isClosed = true;
    clearTimeout(this.#batchTimer ?? undefined);
    clearTimeout(this.#syncTimer ?? undefined);
    closeSync(this.#file);
  }

  #writeBatch(): Promise<void> {
    clearTimeout(this.#batchTimer ?? undefined);
    this.#batchTimer = null;
    this.#writing ??= this.#writeWaiting().finally(() => {
      this.#writing = null;
      if (this.#waitingBytes > 0 && !this.#isClosed && !this.#batchTimer) {
        this.#batchTimer = setTimeout(() => void this.#writeBatch(), BATCH_MS);
      }
    });
    return this.#writing;
  }

  async #writeWaiting(): Promise<void> {
    while (this.#waitingBytes > 0) {
      const batch = Buffer.concat(this.#waiting);
      try {
        const { bytesWritten } = await writeAt(this.#file, batch, 0, batch.length, null);
        this.#drop(bytesWritten);
        this.#syncTimer ??= setTimeout(() => void this.#syncSoon(), SYNC_MS);
      } catch (error) {
        this.#onFault(error);
        this.#batchTimer ??= setTimeout(() => void this.#writeBatch(), RETRY_MS);
        return;
      }
    }
  }

  async #syncSoon(): Promise<void> {
    this.#syncTimer = null;
    if (!this.#isClosed) await syncData(this.#file).catch(this.#onFault);
  }

  #drop(count: number): void {
    this.#written += count;
    this.#waitingBytes -= count;
    let left = count;
    while (left > 0) {
      const first = this.#waiting[0];
      if (!first) return;
      if (first.length > left) {
        this.#waiting[0] = first.subarray(left);
        return;
      }
      this.#waiting.shift();
      left -= first.length;
    }
  }
}
