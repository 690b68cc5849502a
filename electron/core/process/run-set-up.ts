import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { type CommandResult, runCommand } from "./run-command.ts";

/** An install of everything a large project needs, on a slow line. */
const TIMEOUT_MS = 20 * 60_000;
/** A set-up that says more goes on, but its log does not grow. */
const LOG_MAX_BYTES = 16 * 1024 * 1024;

/** Runs the command that makes a new worktree ready. Its log reads like the terminal's, so that a pane can show it. */
export async function runSetUp(
  command: string,
  options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly logFile: string;
    readonly signal: AbortSignal;
  },
): Promise<CommandResult> {
  const { cwd, env, logFile, signal } = options;
  mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 });
  let loggedBytes = 0;
  const log = (text: string) => {
    if (loggedBytes > LOG_MAX_BYTES) return;
    loggedBytes += text.length;
    appendFileSync(logFile, text.replaceAll("\n", "\r\n"), { encoding: "latin1", mode: 0o600 });
  };
  log(`$ ${Buffer.from(command).toString("latin1")}\n`);
  const onOutput = (chunk: Buffer) => log(chunk.toString("latin1"));
  const result = await runCommand(command, { cwd, env, timeoutMs: TIMEOUT_MS, onOutput, signal });
  log("\n");
  return result;
}
