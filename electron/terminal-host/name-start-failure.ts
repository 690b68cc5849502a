import { closeSync, openSync } from "node:fs";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";

/** node-pty says "forkpty(3) failed" whatever the reason. What it needed is asked for again, to learn which of it there is none of. */
export function nameStartFailure(cause: unknown): SwitchyardError {
  switch (probe()) {
    case "EMFILE":
    case "ENFILE":
      return new SwitchyardError(
        "failed",
        "The program could not be started: the terminal host may open no more files (EMFILE).",
        "Stop sessions, or raise the limit of open files (ulimit -n) and start Switchyard again.",
        cause,
      );
    case "ENOSPC":
    case "ENXIO":
      return new SwitchyardError(
        "failed",
        "The program could not be started: no pseudo-terminal is left (pty limit).",
        "Close terminals, or raise the limit: on Linux sysctl kernel.pty.max, on macOS kern.tty.ptmx_max.",
        cause,
      );
    default:
      return new SwitchyardError(
        "failed",
        `The program could not be started in a pseudo-terminal: ${cause instanceof Error ? cause.message : String(cause)}`,
        "The system may run too many processes (ulimit -u), or have no memory left.",
        cause,
      );
  }
}

/** A terminal has two ends, each an open file. Null when all of it can be had. */
function probe(): string | null {
  const opened: number[] = [];
  try {
    opened.push(openSync("/dev/ptmx", "r+"));
    opened.push(openSync("/dev/null", "r"), openSync("/dev/null", "r"));
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? null;
  } finally {
    for (const file of opened) closeSync(file);
  }
}
