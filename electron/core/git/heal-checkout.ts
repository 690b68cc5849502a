import { createHash } from "node:crypto";
import { chmod, lstat, readFile, readlink, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { Oid } from "../../../shared/model/ids.ts";
import { type Blocker, gitDirOf } from "./checkout-blockers.ts";
import { type ChangedFile, changedFiles } from "./diff.ts";
import { removeLeftoverLock } from "./leftover-lock.ts";
import { isAncestor, type Repository, readRef } from "./repository.ts";
import { CHECKOUT_TIMEOUT_MS, runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";

/** Stands in a checkout's git folder while we fast-forward it, or take it back. */
const MARK = "switchyard-move.json";
const Mark = z.object({ target: z.string(), from: Oid, to: Oid });
type Mark = z.infer<typeof Mark>;

export async function markMove(
  worktree: string,
  mark: Mark,
  signal?: AbortSignal,
): Promise<string> {
  const file = join(await gitDirOf(worktree, signal), MARK);
  await writeFile(file, JSON.stringify(mark));
  return file;
}

export async function unmarkMove(file: string): Promise<void> {
  await rm(file, { force: true });
}

/**
 * Mends a checkout in which a fast-forward of ours was cut short, as its mark tells. Files that have the new content are
 * entered in the index; a file that holds a beginning of the new content, or is missing, gets the old content back.
 * Anything else is the person's: it stays, and is returned as what blocks. Without a mark nothing is done. A move back that was
 * cut short before it moved the branch is taken back whole: whoever asked for it can ask again.
 */
export async function healCheckout(
  repo: Repository,
  worktree: string,
  signal?: AbortSignal,
): Promise<Blocker | null> {
  const gitDir = await gitDirOf(worktree, signal);
  const file = join(gitDir, MARK);
  const mark = await readMark(file);
  if (!mark) return null;
  // In the order in which a fast-forward takes them.
  const locks = [
    join(gitDir, "index.lock"),
    join(gitDir, "ORIG_HEAD.lock"),
    join(gitDir, "HEAD.lock"),
    join(repo.commonDir, "refs", "heads", `${mark.target}.lock`),
  ];
  for (const lock of locks) {
    const leftover = await clearLock(lock, file, signal);
    if (leftover) return leftover;
  }
  // The fast-forward outlived its core and finished, or the person has gone on from there by themselves.
  const isHalfDone = (await readRef(repo, `refs/heads/${mark.target}`, signal)) === mark.from;
  if (isHalfDone) {
    const foreign = await mendFiles(repo, worktree, mark, signal);
    if (foreign.length > 0) {
      return {
        reason: `${worktree} was changed while a landing was cut short in it`,
        files: foreign,
      };
    }
    if (await isAncestor(repo, mark.to, mark.from, signal)) {
      await moveCheckout(worktree, mark.to, mark.from, signal);
    }
  }
  await unmarkMove(file);
  return null;
}

/**
 * Brings index and files from one commit to another and leaves the branch where it is. Throws, with nothing changed, when a
 * change of the person's is in the way.
 */
export async function moveCheckout(
  worktree: string,
  from: Oid,
  to: Oid,
  signal?: AbortSignal,
): Promise<void> {
  const args = ["-c", "submodule.recurse=false", "read-tree", "-m", "-u", from, to];
  await runGit(worktree, args, { signal, timeoutMs: CHECKOUT_TIMEOUT_MS });
}

async function readMark(file: string): Promise<Mark | null> {
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return null;
  try {
    return Mark.parse(JSON.parse(text));
  } catch {
    // Cut off while it was written: the fast-forward it announces had not begun.
    await unmarkMove(file);
    return null;
  }
}

/** A lock that is older than the mark was there before us. */
async function clearLock(
  lock: string,
  mark: string,
  signal?: AbortSignal,
): Promise<Blocker | null> {
  const found = await stat(lock).catch(() => null);
  if (!found) return null;
  const isOurs = found.mtimeMs >= (await stat(mark)).mtimeMs;
  if (isOurs && (await removeLeftoverLock(lock, signal))) return null;
  return { reason: `another git is at work: ${lock} exists`, files: [] };
}

/** Returns the paths that are neither old nor new nor half-written by us. */
async function mendFiles(
  repo: Repository,
  worktree: string,
  mark: Mark,
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
  if (lost.length > 0) {
    const args = ["checkout-index", "-f", "-z", "--stdin"];
    const timeoutMs = WRITE_TIMEOUT_MS;
    await runGit(worktree, args, { signal, timeoutMs, input: lost.join("") });
  }
  return withMend("foreign").map((each) => each.file.path);
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
function isFileChange(file: ChangedFile): boolean {
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
  const lines = files.map(({ path, old, new: next }) =>
    next
      ? `${next.mode} ${next.oid}\t${path}\0`
      : `0 ${"0".repeat(old?.oid.length ?? 40)}\t${path}\0`,
  );
  const timeoutMs = WRITE_TIMEOUT_MS;
  const input = lines.join("");
  await runGit(worktree, ["update-index", "-z", "--index-info"], { signal, timeoutMs, input });
  const refresh = ["update-index", "-q", "--refresh"];
  await runGit(worktree, refresh, { signal, timeoutMs, okExitCodes: [0, 1] });
}
