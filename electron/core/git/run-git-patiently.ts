import { systemClock } from "../base/clock.ts";
import { GitError, type GitOptions, type GitResult, runGit } from "./run-git.ts";

/** Pauses before each new try while another git holds a lock: about two seconds in all. */
const PAUSES_MS = [50, 100, 200, 400, 600, 700];

/** Like `runGit`, for commands that take a lock another git may hold for a moment. */
export async function runGitPatiently(
  cwd: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitResult> {
  const never = new AbortController().signal;
  for (const pauseMs of PAUSES_MS) {
    try {
      return await runGit(cwd, args, options);
    } catch (error) {
      if (!(error instanceof GitError && isLockError(error.stderr))) throw error;
      await systemClock.wait(pauseMs, options.signal ?? never);
    }
  }
  return runGit(cwd, args, options);
}

/** By message: git's exit code for a lock is 1, 128 or 255, and so it is for other failures. */
export function isLockError(stderr: string): boolean {
  return /\.lock'?: File exists|could not lock|unable to lock|cannot lock ref .*Unable to create/i.test(
    stderr,
  );
}
