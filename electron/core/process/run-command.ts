import { type FileHandle, open } from "node:fs/promises";
import { Readable } from "node:stream";
import { drained, type ProcessPlace, startOwnedProcess } from "./owned-process.ts";

/** What is kept of the end of the output, for people and workers to read. */
const TAIL_BYTES = 8 * 1024;
/** A command that says more goes on, but its log does not grow: a loop that prints must not fill the disk. */
const LOG_MAX_BYTES = 64 * 1024 * 1024;

export interface CommandOptions extends ProcessPlace {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Output is appended here. */
  readonly logFile?: string;
  readonly onOutput?: (chunk: Buffer) => void;
}

export interface CommandResult {
  /** Null when it was killed or could not start; `reason` then says why. */
  readonly exitCode: number | null;
  readonly reason: string | null;
  readonly durationMs: number;
  /** The end of its output, both kinds in the order they were written, at most 8 KiB. */
  readonly tail: string;
}

/**
 * Runs a command line that a person wrote (a check, a set-up) in the system's shell. Whatever becomes of it is an answer;
 * only an abort rejects, with the signal's own reason. Nothing of its process group is left when this returns.
 */
export async function runCommand(command: string, options: CommandOptions): Promise<CommandResult> {
  const startMs = performance.now();
  const log = options.logFile ? await open(options.logFile, "a", 0o600) : null;
  const tail = new Tail();
  try {
    const [file, args] = inShell(command);
    const owned = startOwnedProcess(file, args, {
      ...options,
      stdio: ["ignore", "pipe", "ignore"],
    });
    // `stdio` above makes stdout a pipe; there is none when too many files are open, and `ended` says so.
    const pipe = owned.child.stdout ?? Readable.from([]);
    const reading = pass(pipe, [tail.add, options.onOutput], log);
    // Output that cannot be kept (a full disk) ends the command; the error itself comes out where `reading` is awaited.
    reading.catch(() => owned.stop("output-limit"));
    const outcome = await owned.ended.catch((error: unknown) => describeStartFailure(error));
    await drained(reading, pipe);
    const durationMs = performance.now() - startMs;
    if (typeof outcome === "string") {
      return { exitCode: null, reason: outcome, durationMs, tail: tail.text() };
    }
    const { exit, endedBy } = outcome;
    if (endedBy === "abort") options.signal.throwIfAborted();
    const isDone = endedBy === "exit" && exit.code !== null;
    const timeUp = `it was ended after ${Math.round(options.timeoutMs / 1000)} s, the time it may take`;
    const reason = endedBy === "timeout" ? timeUp : `it was ended by ${exit.signal}`;
    return {
      exitCode: isDone ? exit.code : null,
      reason: isDone ? null : reason,
      durationMs,
      tail: tail.text(),
    };
  } finally {
    await log?.close();
  }
}

/** One pipe for both outputs keeps them in the order in which they were written. */
function inShell(command: string): readonly [file: string, args: readonly string[]] {
  if (process.platform === "win32") return ["cmd.exe", ["/d", "/s", "/c", `(${command}) 2>&1`]];
  return ["/bin/sh", ["-c", `exec 2>&1\n${command}`]];
}

async function pass(
  pipe: Readable,
  readers: readonly (((chunk: Buffer) => void) | undefined)[],
  log: FileHandle | null,
): Promise<void> {
  let logged = 0;
  try {
    // Reading waits for the log, so that a slow disk slows the command instead of filling memory.
    for await (const chunk of pipe as AsyncIterable<Buffer>) {
      for (const read of readers) read?.(chunk);
      if (logged < LOG_MAX_BYTES) await log?.write(chunk);
      logged += chunk.length;
    }
  } catch (error) {
    // Destroyed because something that left the group holds it: what came until then counts.
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
}

function describeStartFailure(error: unknown): string {
  return `it could not start: ${error instanceof Error ? error.message : String(error)}`;
}

class Tail {
  #bytes = Buffer.alloc(0);

  readonly add = (chunk: Buffer): void => {
    this.#bytes = Buffer.concat([this.#bytes, chunk.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
  };

  /** Cut at a whole character: continuation bytes at the start belong to one that is gone. */
  text(): string {
    let start = 0;
    while (start < 3 && ((this.#bytes[start] ?? 0) & 0xc0) === 0x80) start++;
    return this.#bytes.subarray(start).toString();
  }
}
