import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type FileStatus, splitZero } from "./repository.ts";
import { CHECKOUT_TIMEOUT_MS, runGit } from "./run-git.ts";

/**
 * Of files that git lists as changed, those that are to the byte what it writes itself: their attributes ask for another form than the
 * one that they were committed in, such as other ends of lines.
 */
export async function findAsWritten(
  worktree: string,
  changed: readonly FileStatus[],
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  if (!changed.some(({ code }) => code === " M")) return new Set();
  const options = { signal, timeoutMs: CHECKOUT_TIMEOUT_MS };
  const raw = splitZero((await runGit(worktree, ["diff-files", "--raw", "-z"], options)).stdout);
  const files = raw.flatMap((line, at) => {
    const isSameMode = /^:(100644|100755) \1 \S+ \S+ M$/.test(line);
    const file = raw[at + 1];
    return isSameMode && file !== undefined && !file.includes("\ufffd") ? [file] : [];
  });
  const args = ["checkout-index", "--temp", "-z", "--stdin"];
  const input = files.map((file) => `${file}\0`).join("");
  const { stdout } = await runGit(worktree, args, { ...options, input });
  const same = new Set<string>();
  for (const line of splitZero(stdout)) {
    const [copy = "", ...rest] = line.split("\t");
    const file = rest.join("\t");
    const [written, there] = [
      await readFile(join(worktree, copy)),
      await readFile(join(worktree, file)),
    ];
    if (written.equals(there)) same.add(file);
    await rm(join(worktree, copy));
  }
  return same;
}
