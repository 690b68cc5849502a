import type { Oid } from "../../../shared/model/ids.ts";
import { type Repository, splitZero } from "./repository.ts";
import { runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";

/** The difference between two commits as a patch, cut behind the last whole line within `maxBytes`. */
export async function readPatch(
  repo: Repository,
  from: Oid,
  to: Oid,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<{ readonly patch: string; readonly isCut: boolean }> {
  const args = ["diff", "--no-ext-diff", "--no-textconv", "--no-color", "-M", from, to, "--"];
  const diff = await runGit(repo.commonDir, args, {
    signal,
    timeoutMs: WRITE_TIMEOUT_MS,
    outputMaxBytes: maxBytes,
  });
  if (!diff.isCut) return { patch: diff.stdout, isCut: false };
  const end = diff.stdoutBytes.lastIndexOf("\n", maxBytes - 1) + 1;
  return { patch: diff.stdoutBytes.subarray(0, end).toString("utf8"), isCut: true };
}

/** Lines from one to another, both of them included, counted from 1. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** What a diff of one file shows of it, with the lines around a change: of the file as it was, and as it is. */
export async function readShownLines(
  repo: Repository,
  sides: { readonly from: Oid; readonly to: Oid; readonly file: string },
  signal?: AbortSignal,
): Promise<{ readonly before: readonly LineRange[]; readonly after: readonly LineRange[] }> {
  const { from, to, file } = sides;
  const args = ["diff", "--no-ext-diff", "--no-textconv", "--no-color", "-U3", from, to];
  const paths = ["--", `:(top,literal)${file}`];
  const { stdout } = await runGit(repo.commonDir, [...args, ...paths], {
    signal,
    timeoutMs: WRITE_TIMEOUT_MS,
  });
  const heads = [...stdout.matchAll(/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm)];
  return {
    before: heads.flatMap(([, first, count]) => rangeOf(first, count)),
    after: heads.flatMap(([, , , first, count]) => rangeOf(first, count)),
  };
}

function rangeOf(first = "0", count = "1"): readonly LineRange[] {
  const lines = Number(count);
  return lines === 0 ? [] : [{ first: Number(first), last: Number(first) + lines - 1 }];
}

/** Commits of `to` that `from`, or any of them, does not have. */
export async function countCommits(
  repo: Repository,
  from: Oid | readonly Oid[],
  to: Oid,
  signal?: AbortSignal,
): Promise<number> {
  const left = [from].flat().map((oid) => `^${oid}`);
  const args = ["rev-list", "--count", "--end-of-options", to, ...left];
  return Number((await runGit(repo.commonDir, args, { signal })).stdout);
}

/** Messages of the commits of `to` that `from` does not have, oldest first. */
export async function commitMessages(
  repo: Repository,
  from: Oid,
  to: Oid,
  signal?: AbortSignal,
): Promise<readonly { readonly oid: Oid; readonly subject: string; readonly body: string }[]> {
  const args = ["log", "--reverse", "-z", "--format=%H%n%s%n%b", `${from}..${to}`, "--"];
  const { stdout } = await runGit(repo.commonDir, args, { signal });
  return splitZero(stdout).map((text) => {
    const [oid = "", subject = "", ...body] = text.split("\n");
    return { oid, subject, body: body.join("\n").trim() };
  });
}

export interface ChangedFile {
  readonly path: string;
  /** Null where the path is added or deleted. */
  readonly old: { readonly mode: string; readonly oid: Oid } | null;
  readonly new: { readonly mode: string; readonly oid: Oid } | null;
}

/** Paths that differ between two commits or trees; a rename is a deletion and an addition. */
export async function changedFiles(
  repo: Repository,
  from: Oid,
  to: Oid,
  signal?: AbortSignal,
): Promise<readonly ChangedFile[]> {
  const args = ["diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", from, to, "--"];
  const { stdout } = await runGit(repo.commonDir, args, { signal });
  const fields = splitZero(stdout);
  const files: ChangedFile[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [oldMode = "", newMode = "", oldOid = "", newOid = ""] = (fields[at] ?? "")
      .replace(/^:/, "")
      .split(" ");
    files.push({
      path: fields[at + 1] ?? "",
      old: side(oldMode, oldOid),
      new: side(newMode, newOid),
    });
  }
  return files;
}

function side(mode: string, oid: Oid) {
  return /^0+$/.test(mode) ? null : { mode, oid };
}
