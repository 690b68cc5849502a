import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";

/** Makes a repository with a worktree in a temporary folder and takes both away again. Throws what git said against it. */
export async function tryWorktree(signal: AbortSignal): Promise<void> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), "switchyard-doctor-")));
  const git = (...args: readonly string[]) =>
    runGit(folder, args, { signal, timeoutMs: WRITE_TIMEOUT_MS });
  const as = ["-c", "user.name=Switchyard", "-c", "user.email=doctor@localhost"];
  try {
    await git("init", "--quiet");
    await git(...as, "commit", "--quiet", "--allow-empty", "-m", "start");
    await git("worktree", "add", "--no-track", "-b", "try", path.join(folder, "worktree"));
    await git("worktree", "remove", path.join(folder, "worktree"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
