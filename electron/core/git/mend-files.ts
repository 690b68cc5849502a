import { createHash } from "node:crypto";
import { chmod, lstat, readFile, readlink, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import { type ChangedFile, changedFiles } from "./diff.ts";
import type { Repository } from "./repository.ts";
import { DURABLE_INDEX, type GitOptions, runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";

/** The two commits that a checkout is between. */
interface Between {
  readonly from: Oid;
  readonly to: Oid;
}

/** Returns the paths that are neither old nor new nor half-written by us. */
export async function mendFiles(
  repo: Repository,
  worktree: string,
  mark: Between,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const changed = (await changedFiles(repo, mark.from, mark.to, signal)).filter(isFileChange);
  const now = await contentIds(worktree, changed, signal);
  const mends = await Promise.all(
    changed.map(async (file) => ({
      file,
      mend: await chooseMend(worktree, file, now.get(file.path) ?? null, signal),
    })),
  );
  const withMend = (mend: Mend) => mends.filter((each) => each.mend === mend);
  await enterInIndex(
    worktree,
    withMend("enter").map((each) => each.file),
    signal,
  );
  for (const { file } of withMend("drop")) await rm(join(worktree, file.path), { force: true });
  const lost = withMend("restore").map((each) => `${each.file.path}\0`);
  if (lost.length > 0) await checkOut(worktree, lost.join(""), signal);
  return withMend("foreign").map((each) => each.file.path);
}

/**
 * After a power cut: the branch has moved, and what git wrote in the checkout may be empty, cut off or not there. Such files get the
 * new content; what holds anything else is the person's and stays.
 */
export async function fillFiles(
  repo: Repository,
  worktree: string,
  mark: Between,
  signal?: AbortSignal,
): Promise<void> {
  const changed = (await changedFiles(repo, mark.from, mark.to, signal)).filter(isFileChange);
  const now = await contentIds(worktree, changed, signal);
  const lost: string[] = [];
  for (const file of changed) {
    const mend = await chooseMend(worktree, file, now.get(file.path) ?? null, signal);
    if (mend === "enter" || mend === "foreign") continue;
    if (file.new) lost.push(`${file.path}\0`);
    else await rm(join(worktree, file.path), { force: true });
  }
  await writeIndex(worktree, changed, signal);
  if (lost.length > 0) await checkOut(worktree, lost.join(""), signal);
  await refreshIndex(worktree, { signal });
}

/** What has to be done with one path: take it into the index, nothing, bring the old content back, delete it, leave it. */
type Mend = "enter" | "none" | "restore" | "drop" | "foreign";

async function chooseMend(
  worktree: string,
  file: ChangedFile,
  now: string | null,
  signal?: AbortSignal,
): Promise<Mend> {
  if (now === (file.new?.oid ?? null)) return "enter";
  if (now === (file.old?.oid ?? null)) return "none";
  if (now === null) return "restore";
  if (!file.new || !(await isBeginning(worktree, file.path, file.new.oid, signal)))
    return "foreign";
  return file.old ? "restore" : "drop";
}

/** A submodule's commit is not a file; a fast-forward leaves its folder alone. */
export function isFileChange(file: ChangedFile): boolean {
  return file.old?.mode !== "160000" && file.new?.mode !== "160000";
}

/** The object id that the content on disk would have in git, its filters applied; paths with no file are left out. */
async function contentIds(
  worktree: string,
  changed: readonly ChangedFile[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  const regular: string[] = [];
  for (const { path, old, new: next } of changed) {
    const place = join(worktree, path);
    const found = await lstat(place).catch(() => null);
    if (found?.isFile()) regular.push(path);
    if (!found?.isSymbolicLink()) continue;
    const link = await readlink(place, { encoding: "buffer" });
    const algorithm = (next ?? old)?.oid.length === 64 ? "sha256" : "sha1";
    const head = `blob ${link.length}\0`;
    ids.set(path, createHash(algorithm).update(head).update(link).digest("hex"));
  }
  const input = regular.map((path) => `${quote(path)}\n`).join("");
  const timeoutMs = WRITE_TIMEOUT_MS;
  const hashed = await runGit(worktree, ["hash-object", "--stdin-paths"], {
    signal,
    timeoutMs,
    input,
  });
  for (const [at, id] of hashed.stdout.split("\n").entries()) {
    const path = regular[at];
    if (path !== undefined) ids.set(path, id);
  }
  return ids;
}

/** As git reads a path from a line. */
function quote(path: string): string {
  if (!/["\\\n]/.test(path)) return path;
  return `"${path.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}

async function isBeginning(worktree: string, path: string, oid: Oid, signal?: AbortSignal) {
  const args = ["cat-file", "--filters", `--path=${path}`, oid];
  const whole = await runGit(worktree, args, { signal, timeoutMs: WRITE_TIMEOUT_MS });
  const part = await readFile(join(worktree, path));
  return whole.stdoutBytes.subarray(0, part.length).equals(part);
}

async function enterInIndex(
  worktree: string,
  files: readonly ChangedFile[],
  signal?: AbortSignal,
): Promise<void> {
  if (files.length === 0) return;
  for (const { path, new: next } of files) {
    if (!next?.mode.startsWith("100")) continue;
    const place = join(worktree, path);
    const { mode } = await stat(place);
    await chmod(place, next.mode === "100755" ? mode | 0o100 : mode & ~0o111);
  }
  await writeIndex(worktree, files, signal);
  await refreshIndex(worktree, { signal });
}

async function writeIndex(worktree: string, files: readonly ChangedFile[], signal?: AbortSignal) {
  const lines = files.map(({ path, old, new: next }) =>
    next
      ? `${next.mode} ${next.oid}\t${path}\0`
      : `0 ${"0".repeat(old?.oid.length ?? 40)}\t${path}\0`,
  );
  const args = [...DURABLE_INDEX, "update-index", "-z", "--index-info"];
  await runGit(worktree, args, { signal, timeoutMs: WRITE_TIMEOUT_MS, input: lines.join("") });
}

export async function refreshIndex(
  worktree: string,
  options: Pick<GitOptions, "signal" | "env"> = {},
): Promise<void> {
  const args = [...DURABLE_INDEX, "update-index", "-q", "--refresh"];
  const timeoutMs = WRITE_TIMEOUT_MS;
  await runGit(worktree, args, { ...options, timeoutMs, okExitCodes: [0, 1] });
}

/** Writes these files as the index has them; each ends with a zero byte. */
async function checkOut(worktree: string, input: string, signal?: AbortSignal): Promise<void> {
  const args = ["checkout-index", "-f", "-z", "--stdin"];
  await runGit(worktree, args, { signal, timeoutMs: WRITE_TIMEOUT_MS, input });
}
