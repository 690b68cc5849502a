import type { Oid } from "../../../shared/model/ids.ts";
import { type Repository, splitZero } from "./repository.ts";
import { runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";

export interface CountedFile {
  /** As it is called after the change. */
  readonly path: string;
  /** Lines; null for a binary file. */
  readonly added: number | null;
  readonly removed: number | null;
}

/** Files that differ between two commits, with the lines that came and went. */
export async function countLines(
  repo: Repository,
  from: Oid,
  to: Oid,
  signal?: AbortSignal,
): Promise<readonly CountedFile[]> {
  const args = ["diff", "--no-ext-diff", "--no-textconv", "--numstat", "-z", "-M", from, to, "--"];
  const diff = await runGit(repo.commonDir, args, { signal, timeoutMs: WRITE_TIMEOUT_MS });
  return parseNumstat(splitZero(diff.stdout));
}

/** A renamed file has no path in its line; its two names follow. */
function parseNumstat(parts: readonly string[]): readonly CountedFile[] {
  const files: CountedFile[] = [];
  for (let at = 0; at < parts.length; at++) {
    // A path can hold a tab itself.
    const [added = "", removed = "", ...rest] = (parts[at] ?? "").split("\t");
    const path = rest.join("\t");
    const isRenamed = path === "";
    files.push({
      path: isRenamed ? (parts[at + 2] ?? "") : path,
      added: added === "-" ? null : Number(added),
      removed: removed === "-" ? null : Number(removed),
    });
    if (isRenamed) at += 2;
  }
  return files;
}
