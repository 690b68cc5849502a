import { appendFile, mkdir, open, stat } from "node:fs/promises";
import { dirname } from "node:path";

const CHUNK_BYTES = 256 * 1024;

/** What an entry's log shows of a run that is written to another's: from its own end on, the other's from `from` on. */
interface SharedRun {
  readonly ownBytes: number;
  readonly file: string;
  readonly from: number;
}

/**
 * The logs of entries that are checked together. A run is written to the log of the first; to read another's meanwhile is to read its
 * own and then that run, and when the run is over its bytes are in each log. So every log only ever grows, and offsets into it hold.
 */
export class BatchLog {
  readonly #shared = new Map<string, SharedRun>();

  /** Begins a run of these; what it is given to write to is the first of them. Ends by disposal. */
  async begin(files: readonly string[]): Promise<AsyncDisposable> {
    const [first, ...others] = files;
    if (first === undefined) throw new Error("nobody's checks are run");
    await mkdir(dirname(first), { recursive: true });
    const from = await sizeOf(first);
    const sizes = await Promise.all(others.map(sizeOf));
    for (const [at, file] of others.entries())
      this.#shared.set(file, { ownBytes: sizes[at] ?? 0, file: first, from });
    return { [Symbol.asyncDispose]: () => this.#end(others, first, from) };
  }

  /** One log that cannot be written keeps no other from its bytes, and no other run from its own. */
  async #end(others: readonly string[], first: string, from: number): Promise<void> {
    const failures: unknown[] = [];
    for (const file of others) {
      try {
        await copyFrom(first, from, file);
      } catch (error) {
        failures.push(error);
      } finally {
        this.#shared.delete(file);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  /** At most 256 KiB from a byte offset on; `end` is where the next call goes on. */
  async read(file: string, from: number): Promise<{ text: string; end: number }> {
    const shared = this.#shared.get(file);
    if (shared && from >= shared.ownBytes) {
      const offset = shared.from - shared.ownBytes;
      const { text, end } = await readAt(shared.file, from + offset);
      return { text, end: end - offset };
    }
    const { text, end } = await readAt(file, from, shared?.ownBytes);
    return { text, end };
  }
}

async function readAt(file: string, from: number, until = Number.POSITIVE_INFINITY) {
  const bytes = await readBytes(file, from, Math.min(CHUNK_BYTES, until - from));
  return { text: bytes.toString("utf8"), end: from + bytes.length };
}

async function copyFrom(source: string, from: number, to: string): Promise<void> {
  for (let at = from; ; ) {
    const bytes = await readBytes(source, at, CHUNK_BYTES);
    if (bytes.length === 0) return;
    await appendFile(to, bytes, { mode: 0o600 });
    at += bytes.length;
  }
}

async function readBytes(file: string, from: number, count: number): Promise<Buffer> {
  const handle = await open(file, "r").catch(absentIsNull);
  if (!handle) return Buffer.alloc(0);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(count), 0, count, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(absentIsNull))?.size ?? 0;
}

/** Nothing was checked yet. */
function absentIsNull(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
  throw error;
}
