import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { statSync } from "node:fs";
import { setPriority } from "node:os";
import type { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { endProcessGroup } from "./process-group.ts";

/** How long output may go on after the process and its group have ended: something that left the group holds the pipe. */
const PIPE_LINGER_MS = 500;

export interface ProcessPlace {
  readonly cwd: string;
  /** The whole environment: nothing of ours is added. See session-environment.ts. */
  readonly env: Readonly<Record<string, string>>;
  /** 1 to 19 gives way to everything else. Best effort. */
  readonly niceness?: number;
}

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export type EndedBy = "exit" | "timeout" | "abort" | "output-limit";

/**
 * A process that leads its own group and has one owner. It ends when it is done, when its time is up, when its signal aborts,
 * or when `stop` is called; `ended` resolves once nothing of its group is left, and rejects when it could not start.
 */
export interface OwnedProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly exit: ProcessExit; readonly endedBy: EndedBy }>;
  stop(why: EndedBy): void;
}

export function startOwnedProcess(
  file: string,
  args: readonly string[],
  options: ProcessPlace & {
    readonly stdio: SpawnOptions["stdio"];
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  },
): OwnedProcess {
  const { cwd, env, stdio, timeoutMs, signal } = options;
  signal.throwIfAborted();
  const child = spawn(file, args, { cwd, env, stdio, detached: true, windowsHide: true });
  lowerPriority(child, options.niceness);

  let endedBy: EndedBy = "exit";
  let stopping: Promise<void> | null = null;
  function stop(why: EndedBy): void {
    if (stopping || child.pid === undefined) return;
    endedBy = why;
    stopping = endProcessGroup(child.pid);
    // Whoever awaits `ended` is told; until then a failure must not count as nobody's.
    stopping.catch(() => undefined);
  }

  const onAbort = () => stop("abort");
  const timer = globalThis.setTimeout(() => stop("timeout"), timeoutMs);
  signal.addEventListener("abort", onAbort, { once: true });

  async function ended(): Promise<{ readonly exit: ProcessExit; readonly endedBy: EndedBy }> {
    try {
      const exit = await exitOf(child, cwd);
      await stopping;
      // What it left running in the background ends with it.
      if (child.pid !== undefined) await endProcessGroup(child.pid);
      return { exit, endedBy };
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    }
  }
  return { child, ended: ended(), stop };
}

/** Resolves when a pipe of an ended process has been read to its end, or is held open by something that got away. */
export async function drained(reading: Promise<unknown>, pipe: Readable): Promise<void> {
  const giveUp = new AbortController();
  const lingering = setTimeout(PIPE_LINGER_MS, undefined, { signal: giveUp.signal }).then(
    () => pipe.destroy(),
    () => undefined,
  );
  try {
    await Promise.race([reading, lingering]);
    await reading;
  } finally {
    giveUp.abort();
  }
}

function exitOf(child: ChildProcess, cwd: string): Promise<ProcessExit> {
  return new Promise((resolve, reject) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", (error) => {
      // Node blames the program when it is the folder that is missing.
      const isFolder = statSync(cwd, { throwIfNoEntry: false })?.isDirectory() ?? false;
      reject(isFolder ? error : new Error(`the folder ${cwd} is not there`, { cause: error }));
    });
  });
}

function lowerPriority(child: ChildProcess, niceness: number | undefined): void {
  if (niceness === undefined || child.pid === undefined) return;
  try {
    setPriority(child.pid, niceness);
  } catch {
    // It has ended already, or the system does not let us: neither changes what it does.
  }
}
