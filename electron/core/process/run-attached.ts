import { spawn } from "node:child_process";
import { constants } from "node:os";
import { isatty } from "node:tty";

/** Sent to us alone: the terminal sends none of them, or harmlessly twice. */
const FORWARDED = ["SIGTERM", "SIGHUP", "SIGUSR2", "SIGCONT"] as const;
/** What the terminal's keys send to everything that runs in its foreground, the command included. */
const FROM_KEYS = ["SIGINT", "SIGQUIT"] as const;

/**
 * Runs a program in this process's own group, on its input, output and terminal, and ends with it. Signals for this process go to the
 * program: what a terminal's key sends has reached it already where there is a terminal, and a second one would be taken for "at once".
 * Gives an exit code as a shell does; `problem` says why the program could not be started (127: there is none, 126: it cannot be run).
 */
export function runAttached(
  [program = "", ...args]: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly exitCode: number; readonly problem: string | null }> {
  const hasTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: "inherit", env: { ...env } });
    const forward = (signal: NodeJS.Signals) => void child.kill(signal);
    const ignore = () => {};
    for (const signal of FORWARDED) process.on(signal, forward);
    for (const signal of FROM_KEYS) process.on(signal, hasTerminal ? ignore : forward);
    const end = (exitCode: number, problem: string | null) => {
      for (const signal of FORWARDED) process.off(signal, forward);
      for (const signal of FROM_KEYS) process.off(signal, ignore).off(signal, forward);
      resolve({ exitCode, problem });
    };
    child.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") end(127, `There is no program ${program}.`);
      else end(126, `${program} cannot be run: ${error.message}.`);
    });
    child.once("exit", (code, signal) =>
      end(code ?? 128 + (signal ? constants.signals[signal] : 0), null),
    );
  });
}
