import { simpleGit } from "simple-git";
import { isOutOfFiles, outOfFiles } from "../base/out-of-files.ts";

/** No spinner without a deadline: what only reads, what writes, and what fills or empties a whole folder. */
export const READ_TIMEOUT_MS = 10_000;
export const WRITE_TIMEOUT_MS = 60_000;
export const CHECKOUT_TIMEOUT_MS = 10 * 60_000;

/** How long the output of a git that has ended may stay open in the hands of a program that it started. */
const LINGER_MS = 10_000;

/** The person's own settings must not decide what ours does: no hooks, no background work, no surprises in names. */
const ALWAYS = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.quotePath=false",
  // A branch that moved must survive a power cut: git alone syncs neither loose objects' names nor refs.
  "core.fsync=committed,reference",
  "gc.auto=0",
  "maintenance.auto=false",
  "i18n.commitEncoding=UTF-8",
  "i18n.logOutputEncoding=UTF-8",
  // What a check of a signature says would stand between the lines that are asked for.
  "log.showSignature=false",
  "advice.detachedHead=false",
  "protocol.ext.allow=never",
];

/** Settings for a git that writes an index: with it too, which git leaves to be emptied by a power cut. */
export const DURABLE_INDEX: readonly string[] = ["-c", "core.fsync=committed,reference,index"];

/** Beside what git inherits; null: that one is left out. */
export type GitEnvironment = Readonly<Record<string, string | null>>;

export interface GitOptions {
  readonly signal?: AbortSignal | undefined;
  /** Exit codes that are answers; any other throws. Only 0 when absent. */
  readonly okExitCodes?: readonly number[];
  readonly env?: GitEnvironment;
  readonly timeoutMs?: number;
  readonly input?: string | Buffer;
  /** Ends git once it has written more than this; the result is then cut and its exit code 0. */
  readonly outputMaxBytes?: number;
}

export interface GitResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly stdoutBytes: Buffer;
  readonly isCut: boolean;
}

/** git ended in a way the caller has no answer for. `exitCode` is null when it was killed or could not be started. */
export class GitError extends Error {
  readonly args: readonly string[];
  readonly exitCode: number | null;
  readonly stderr: string;

  constructor(
    args: readonly string[],
    result: { readonly exitCode: number | null; readonly stderr: string },
    cause?: unknown,
  ) {
    const said = result.stderr.trim() || `exit code ${result.exitCode}`;
    super(`git ${args.join(" ")}: ${said}`, cause === undefined ? undefined : { cause });
    this.name = "GitError";
    this.args = args;
    this.exitCode = result.exitCode;
    this.stderr = result.stderr;
  }
}

/**
 * Runs git in `cwd` with an argument array, no shell, no prompt and no inherited `GIT_*`.
 *
 * A cancelled git is interrupted, so that it takes its lock files with it, and the promise settles when it has ended.
 */
export async function runGit(
  cwd: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitResult> {
  options.signal?.throwIfAborted();
  const { timeoutMs = READ_TIMEOUT_MS, okExitCodes = [0] } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const full = new AbortController();
  const stops = [timeout, full.signal, ...(options.signal ? [options.signal] : [])];
  const run = await spawnGit(cwd, args, options, AbortSignal.any(stops), full);

  options.signal?.throwIfAborted();
  const stdoutBytes = Buffer.concat(run.stdOut);
  const stderr = Buffer.concat(run.stdErr).toString("utf8");
  const isCut = full.signal.aborted;
  if (!isCut) {
    if (timeout.aborted) {
      throw new GitError(args, { exitCode: null, stderr: `gave up after ${timeoutMs} ms` });
    }
    if (run.exitCode === null || !okExitCodes.includes(run.exitCode)) {
      throw new GitError(args, { exitCode: run.exitCode, stderr }, run.cause);
    }
  }
  return {
    exitCode: isCut ? 0 : (run.exitCode ?? 0),
    stdout: stdoutBytes.toString("utf8"),
    stderr,
    stdoutBytes,
    isCut,
  };
}

interface Run {
  readonly stdOut: Buffer[];
  readonly stdErr: Buffer[];
  readonly exitCode: number | null;
  readonly cause?: unknown;
}

async function spawnGit(
  cwd: string,
  args: readonly string[],
  options: GitOptions,
  stop: AbortSignal,
  full: AbortController,
): Promise<Run> {
  let run: Run | undefined;
  const env = gitEnvironment(options.env);
  try {
    const git = simpleGit({
      baseDir: cwd,
      abort: stop,
      config: ALWAYS,
      input: () => Buffer.from(options.input ?? ""),
      completion: { onClose: true, onExit: LINGER_MS },
      allowEnvironment: Object.keys(env).filter((name) => /^git_/i.test(name)),
      // Said by ourselves, above and in this room's own argument arrays, never by anyone else.
      unsafe: {
        allowUnsafeHooksPath: true,
        allowUnsafeFsMonitor: true,
        allowUnsafeProtocolOverride: true,
        allowUnsafeSshCommand: true,
      },
      // Called after every run: here the outcome is kept as it is, and runGit judges it.
      errors: (error, result) => {
        run = { ...result, cause: error };
        return undefined;
      },
    }).env(env);
    watchOutput(git, options.outputMaxBytes ?? Number.POSITIVE_INFINITY, full);
    await git.raw(["--no-pager", ...args]);
  } catch (error) {
    if (!run && isOutOfFiles()) throw outOfFiles("git could not be started", error);
    if (!run) {
      throw new GitError(args, { exitCode: null, stderr: `could not run in ${cwd}` }, error);
    }
  }
  if (!run) throw new Error(`git ${args.join(" ")}: no outcome was reported`);
  return run;
}

function watchOutput(git: ReturnType<typeof simpleGit>, maxBytes: number, full: AbortController) {
  git.outputHandler((_command, stdout) => {
    let seenBytes = 0;
    stdout.on("data", (chunk: Buffer) => {
      seenBytes += chunk.length;
      if (seenBytes > maxBytes) full.abort();
    });
    // simple-git waits 50 ms more for a git that has written nothing; most of ours are silent.
    stdout.once("end", () => stdout.emit("data", Buffer.alloc(0)));
  });
}

/** Variables that steer git or make it start a program: none is inherited. */
const STEERING = /^(git_.*|editor|visual|pager|prefix|ssh_askpass)$/i;

function gitEnvironment(extra: GitEnvironment = {}): Record<string, string> {
  const inherited = Object.entries(process.env).filter(([name]) => !STEERING.test(name));
  const all = {
    ...Object.fromEntries(inherited),
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
    // A look at the person's checkout must not take its lock.
    GIT_OPTIONAL_LOCKS: "0",
    ...extra,
  };
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) if (value != null) env[name] = value;
  return env;
}
