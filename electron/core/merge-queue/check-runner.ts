import { createHash } from "node:crypto";
import { appendFile, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { type Check, type CheckResult, hasPassed } from "../../../shared/model/check.ts";
import type { WatchTests } from "./tests/read-check-tests.ts";

/** How a check's command is run; see `process/run-command.ts`. */
export type RunCommand = (
  command: string,
  options: {
    readonly cwd: string;
    readonly timeoutMs: number;
    readonly logFile: string;
    readonly signal: AbortSignal;
  },
) => Promise<{
  readonly exitCode: number | null;
  readonly reason: string | null;
  readonly durationMs: number;
  readonly tail: string;
}>;

export type ChecksOutcome =
  | { readonly kind: "green"; readonly results: readonly CheckResult[] }
  | { readonly kind: "red"; readonly results: readonly CheckResult[]; readonly failed: CheckResult }
  /** The check itself could not be run to an end; that says nothing about the work. */
  | {
      readonly kind: "broken";
      readonly results: readonly CheckResult[];
      readonly failed: CheckResult;
    };

/**
 * Runs checks one after the other in `worktree`, up to the first that is not green. Only exit code 0 is green, and what fails by
 * quarantined tests alone. Exit codes 126 and 127 (the shell found no such program), a timeout, a kill and a run without the tests
 * that a check is known to have are no verdict.
 */
export async function runChecks(parts: {
  readonly checks: readonly Check[];
  readonly worktree: string;
  /** Says in the log what is run on what. */
  readonly title: string;
  readonly logFile: string;
  readonly runCommand: RunCommand;
  readonly watchTests: WatchTests;
  readonly signal: AbortSignal;
  readonly onResult: (results: readonly CheckResult[]) => void;
}): Promise<ChecksOutcome> {
  const { checks, worktree, title, logFile, runCommand, signal } = parts;
  await mkdir(dirname(logFile), { recursive: true });
  const results: CheckResult[] = [];
  for (const check of checks) {
    const { name, run, timeoutMs } = check;
    await appendFile(logFile, `\n== ${title}: ${name}\n$ ${run}\n`, { mode: 0o600 });
    const judge = await parts.watchTests(check, { worktree, logFile });
    const ended = await runCommand(run, { cwd: worktree, timeoutMs, logFile, signal });
    const result = await judge({ name, command: run, ...ended });
    results.push(result);
    parts.onResult([...results]);
    if (hasPassed(result)) continue;
    const { exitCode } = result;
    const isBroken = exitCode === null || exitCode === 126 || exitCode === 127;
    return { kind: isBroken ? "broken" : "red", results, failed: result };
  }
  return { kind: "green", results };
}

/** An install of everything a large project needs, on a slow line. */
const SET_UP_TIMEOUT_MS = 20 * 60_000;

/** What a project's settings ask to be run before its checks; null for `off`. */
export function setUpCheck(command: string): Check | null {
  return command === "off" ? null : { name: "set-up", run: command, timeoutMs: SET_UP_TIMEOUT_MS };
}

export function describeFailure({ name, exitCode, reason, tail }: CheckResult): string {
  return `${name}: ${exitCode === null ? reason : describeExit(exitCode, tail)}`;
}

function describeExit(exitCode: number, tail: string): string {
  const how = `exit code ${exitCode}`;
  if (exitCode === 126) return `a program of it cannot be run (${how})`;
  if (exitCode !== 127) return how;
  // As the shells say it: `sh: 1: tsc: not found`, `bash: line 1: tsc: command not found`.
  const program = [...tail.matchAll(/([^\s:]+): (?:command )?not found/g)].at(-1)?.[1];
  return `${program ?? "a program of it"} was not found (${how})`;
}

/** Names exactly this set of commands; a verdict holds for one tree and one such set. */
export function specHash(checks: readonly Check[]): string {
  const spec = JSON.stringify(checks.map(({ run }) => run));
  return createHash("sha256").update(spec).digest("hex");
}
