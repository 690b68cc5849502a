import type { Oid } from "../../../shared/model/ids.ts";
import { findFile, isTextConflict, mergeWithConflicts, readBlob } from "./conflict.ts";
import { mergeBase, type Repository } from "./repository.ts";
import { runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";

/** A conflict as somebody has to know it who resolves it. */
export interface ConflictContext {
  /** Where both sides began. */
  readonly base: Oid | null;
  readonly files: readonly {
    readonly path: string;
    /** The conflicting places with the lines that both sides began from; null where it is no matter of lines. */
    readonly marked: string | null;
  }[];
  /** What each side changed in those files, since they began. */
  readonly targetPatch: string;
  readonly branchPatch: string;
}

/** Lines before and after a conflicting place. */
const AROUND = 3;

/** `folder` is one whose attributes count. Each patch has at most `patchMaxBytes`. */
export async function readConflictContext(
  repo: Repository,
  folder: string,
  sides: { readonly target: Oid; readonly branch: Oid },
  patchMaxBytes: number,
  signal?: AbortSignal,
): Promise<ConflictContext> {
  const { target, branch } = sides;
  const { tree, conflicts } = await mergeWithConflicts(folder, target, branch, signal, "zdiff3");
  const base = await mergeBase(repo, target, branch, signal);
  const files: { path: string; marked: string | null }[] = [];
  for (const conflict of conflicts) {
    const { path } = conflict;
    const file = isTextConflict(conflict) ? await findFile(repo, tree, path, signal) : null;
    const content = file ? (await readBlob(repo, file.oid, signal)).toString() : null;
    files.push({ path, marked: content === null ? null : cutOut(content) });
  }
  const paths = conflicts.map(({ path }) => path);
  const patch = (side: Oid) => readPatchOf(repo, base, side, paths, patchMaxBytes, signal);
  return { base, files, targetPatch: await patch(target), branchPatch: await patch(branch) };
}

async function readPatchOf(
  repo: Repository,
  from: Oid | null,
  to: Oid,
  paths: readonly string[],
  outputMaxBytes: number,
  signal?: AbortSignal,
): Promise<string> {
  if (from === null || paths.length === 0) return "";
  const diff = ["diff", "--no-ext-diff", "--no-textconv", "--no-color", from, to];
  const args = ["--literal-pathspecs", ...diff, "--", ...paths];
  const options = { signal, timeoutMs: WRITE_TIMEOUT_MS, outputMaxBytes };
  return (await runGit(repo.commonDir, args, options)).stdout;
}

/** The conflicting places of a file, each with a few lines around it. */
function cutOut(content: string): string {
  const lines = content.split("\n");
  const shown = new Set<number>();
  let isInside = false;
  for (const [at, line] of lines.entries()) {
    if (/^<{7}( |$)/.test(line)) isInside = true;
    if (isInside) for (let n = at - AROUND; n <= at + AROUND; n += 1) shown.add(n);
    if (/^>{7}( |$)/.test(line)) isInside = false;
  }
  const parts = lines.flatMap((line, at) => {
    if (!shown.has(at)) return [];
    return shown.has(at - 1) || at === 0 ? [line] : [`@@ line ${at + 1} @@`, line];
  });
  return parts.join("\n");
}
