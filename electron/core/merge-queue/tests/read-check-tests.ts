import { open, stat } from "node:fs/promises";
import type { Check, CheckResult } from "../../../../shared/model/check.ts";
import { findReports, readNew } from "./find-reports.ts";
import { isSoleCommand, isTestCommand } from "./is-test-command.ts";
import { judgeTests, type TestKnowledge, type TestSettings } from "./judge-tests.ts";
import { type BadReport, readJUnit } from "./read-junit.ts";
import { joinRuns, readTestOutput } from "./read-test-output.ts";
import { missesCoverage, type TestRun, toLines } from "./test-run.ts";

/** The end of an output is read up to here; what failed is said there again. */
const READ_MAX_BYTES = 8 * 1024 * 1024;
/** Beyond this a log no longer grows, and how the tests ended is not in it; see `run-command.ts`. */
const LOG_MAX_BYTES = 63 * 1024 * 1024;

/** What a check is looked at with; see `watchTests`. */
export type WatchTests = (
  check: Check,
  place: { readonly worktree: string; readonly logFile: string },
) => Promise<(ended: CheckResult) => Promise<CheckResult>>;

/** Begins to watch a check; what it gives is called with how it ended, and says what its tests make of that. */
export async function watchTests(
  check: Pick<Check, "run">,
  { worktree, logFile }: { readonly worktree: string; readonly logFile: string },
  known: TestKnowledge,
  told: TestSettings,
): Promise<(ended: CheckResult) => Promise<CheckResult>> {
  if (told.tests === false) return async (ended) => ended;
  const before = await findReports(worktree, told.report);
  const from = await sizeOf(logFile);
  return async (ended) => {
    if (ended.exitCode === null) return ended;
    const output = await readEnd(logFile, from);
    const reports: (TestRun | BadReport)[] = [];
    for await (const text of readNew(before, await findReports(worktree, told.report))) {
      reports.push(text === null ? { kind: "bad-report" } : readJUnit(text, worktree));
    }
    if (output.isEndLost && reports.length === 0) return ended;
    const run = weighReports(readTestOutput(output.text), reports);
    const { lines } = toLines(output.text);
    const isWhole = run?.isWhole === true && !output.isCut && !lines.some(missesCoverage);
    const saysSo = told.tests === true || told.report !== undefined;
    const isAlone = saysSo ? isSoleCommand(check.run) : isTestCommand(check.run, lines);
    return judgeTests(ended, run && { ...run, isWhole }, known, told, isAlone);
  };
}

/** Reports name every test; where the output speaks of the same run it has to agree. */
function weighReports(
  output: TestRun | null,
  reports: readonly (TestRun | BadReport)[],
): TestRun | null {
  const good = reports.flatMap((each) => ("kind" in each ? [] : [each]));
  const joined = joinRuns(good);
  if (!joined) return output && { ...output, isWhole: output.isWhole && reports.length === 0 };
  const agrees = output === null || (output.isWhole && output.failed === joined.failed);
  const runner = output?.runner ?? joined.runner;
  return { ...joined, runner, isWhole: joined.isWhole && agrees && good.length === reports.length };
}

async function readEnd(file: string, from: number) {
  const size = await sizeOf(file);
  const start = Math.max(from, size - READ_MAX_BYTES);
  const length = Math.max(0, size - start);
  const told = { isCut: start > from, isEndLost: size - from >= LOG_MAX_BYTES };
  const handle = await open(file, "r").catch(absentIsNull);
  if (!handle) return { text: "", ...told };
  await using log = handle;
  const { buffer, bytesRead } = await log.read(Buffer.alloc(length), 0, length, start);
  return { text: buffer.toString("utf8", 0, bytesRead), ...told };
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(absentIsNull))?.size ?? 0;
}

/** Nothing was written yet. */
function absentIsNull(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
  throw error;
}
