import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Check } from "../shared/model/check.ts";
import { runGit } from "./run-git.ts";

interface CheckedProject {
  readonly path: string;
  readonly target: string;
  readonly checks: readonly Check[];
}

/** Clones the target branch into a new folder and runs the checks there. Gives what is wrong, in sentences. */
export async function checkTarget(
  project: CheckedProject,
  commits: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "switchyard-demo-"));
  try {
    const clone = join(folder, "clone");
    runGit(folder, "clone", "--quiet", "--branch", project.target, project.path, clone);
    const history = new Set(runGit(clone, "rev-list", "HEAD").split("\n"));
    const missing = commits.filter((commit) => !history.has(commit));
    const failed = await Promise.all(project.checks.map((check) => runCheck(check, clone, signal)));
    return [
      ...missing.map(
        (commit) => `${commit} was said to have landed and is not on ${project.target}.`,
      ),
      ...failed.filter((text) => text !== null),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runCheck(check: Check, folder: string, signal: AbortSignal): Promise<string | null> {
  const shell = process.platform === "win32" ? ["cmd.exe", "/d", "/s", "/c"] : ["/bin/sh", "-c"];
  const [program = "", ...args] = [...shell, check.run];
  try {
    await promisify(execFile)(program, args, { cwd: folder, timeout: check.timeoutMs, signal });
    return null;
  } catch (error) {
    signal.throwIfAborted();
    // What execFile rejects with carries the output so far.
    const { stdout = "" } = error as { stdout?: string };
    return `${check.run} fails on the target branch: ${stdout.slice(-2000)}`;
  }
}
