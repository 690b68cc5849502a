import type { Readable } from "node:stream";
import {
  drained,
  type EndedBy,
  type OwnedProcess,
  type ProcessPlace,
  startOwnedProcess,
} from "./owned-process.ts";

const OUTPUT_MAX_BYTES = 64 * 1024 * 1024;
/** How much of what a program said on its error output goes into the message of a ProcessError. */
const ERROR_MAX_CHARACTERS = 2_000;

export interface ProcessOptions extends ProcessPlace {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Of each of the two outputs; 64 MiB unless told. More ends the process. */
  readonly maxOutputBytes?: number;
  readonly input?: string | Uint8Array;
  /** Exit codes the caller has an answer for; only 0 unless told. */
  readonly okExitCodes?: readonly number[] | "any";
}

export interface ProcessResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** The same bytes before they were read as UTF-8. */
  readonly stdoutBytes: Buffer;
  readonly stderr: string;
  readonly durationMs: number;
  readonly endedBy: EndedBy;
}

/** A program that could not start, ran out of time, said too much, or ended with a code nobody expected. */
export class ProcessError extends Error {
  readonly file: string;
  readonly args: readonly string[];
  /** Null when it never started. */
  readonly result: ProcessResult | null;

  constructor(
    file: string,
    args: readonly string[],
    result: ProcessResult | null,
    cause?: unknown,
  ) {
    super(`${[file, ...args].join(" ")}: ${explain(result, cause)}`, { cause });
    this.name = "ProcessError";
    this.file = file;
    this.args = args;
    this.result = result;
  }
}

/**
 * Runs a program, without a shell, in a process group of its own; nothing of the group is left when this returns.
 *
 * Rejects with the signal's own reason when that aborts, else with a ProcessError.
 */
export async function runProcess(
  file: string,
  args: readonly string[],
  options: ProcessOptions,
): Promise<ProcessResult> {
  const startMs = performance.now();
  const stdio = [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"] as const;
  const owned = startOwnedProcess(file, args, { ...options, stdio: [...stdio] });
  const { child } = owned;
  // A program may end without reading its input; how it ended says what that means.
  child.stdin?.on("error", () => undefined).end(options.input);

  const limit = options.maxOutputBytes ?? OUTPUT_MAX_BYTES;
  const [stdout, stderr] = [
    collect(child.stdout, limit, owned),
    collect(child.stderr, limit, owned),
  ];
  const { exit, endedBy } = await owned.ended.catch((cause: unknown) => {
    throw new ProcessError(file, args, null, cause);
  });
  const stdoutBytes = await stdout();
  const result: ProcessResult = {
    exitCode: exit.code,
    signal: exit.signal,
    stdout: stdoutBytes.toString(),
    stdoutBytes,
    stderr: (await stderr()).toString(),
    durationMs: performance.now() - startMs,
    endedBy,
  };
  if (endedBy === "abort") options.signal.throwIfAborted();
  const ok = options.okExitCodes ?? [0];
  const isExpected = ok === "any" || (exit.code !== null && ok.includes(exit.code));
  if (endedBy !== "exit" || !isExpected) throw new ProcessError(file, args, result);
  return result;
}

/** Reads a pipe into memory, at most `limit` bytes of it. The answer is complete once the process has ended. */
function collect(pipe: Readable | null, limit: number, owned: OwnedProcess): () => Promise<Buffer> {
  if (!pipe) return async () => Buffer.alloc(0);
  const chunks: Buffer[] = [];
  let bytes = 0;
  pipe.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > limit) owned.stop("output-limit");
    else chunks.push(chunk);
  });
  const closed = new Promise<void>((resolve) => pipe.once("close", () => resolve()));
  return async () => {
    await drained(closed, pipe);
    return Buffer.concat(chunks);
  };
}

function explain(result: ProcessResult | null, cause: unknown): string {
  if (!result)
    return `it could not start: ${cause instanceof Error ? cause.message : String(cause)}`;
  const said = (result.stderr.trim() || result.stdout.trim()).slice(-ERROR_MAX_CHARACTERS);
  return said ? `${how(result)}: ${said}` : how(result);
}

function how(result: ProcessResult): string {
  if (result.endedBy === "timeout") return `out of time after ${Math.round(result.durationMs)} ms`;
  if (result.endedBy === "output-limit") return "its output was larger than allowed";
  return result.signal ? `ended by ${result.signal}` : `exit code ${result.exitCode}`;
}
