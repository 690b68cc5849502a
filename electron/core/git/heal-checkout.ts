import { createHash } from "node:crypto";
import { chmod, lstat, readFile, readlink, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { Oid } from "../../../shared/model/ids.ts";
import { bootId } from "../base/process-identity.ts";
import { syncFolder, writeFileDurably } from "../base/write-file-durably.ts";
import { type Blocker, gitDirOf } from "./checkout-blockers.ts";
import { type ChangedFile, changedFiles } from "./diff.ts";
import { removeLeftoverLock } from "./leftover-lock.ts";
import { isAncestor, type Repository, readRef } from "./repository.ts";
import { CHECKOUT_TIMEOUT_MS, runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";
import { syncFiles } from "./sync-objects.ts";

/** Stands in a checkout's git folder while we fast-forward it, or take it back. */
const MARK = "switchyard-move.json";
const Mark = z.object({
  target: z.string(),
  from: Oid,
  to: Oid,
  /** The boot of the machine in which it was written. */
  boot: z.string().nullish(),
});
type Mark = z.infer<typeof Mark>;

/** With the index, which git leaves to be emptied by a power cut. */
const DURABLE_INDEX = ["-c", "core.fsync=committed,reference,index"];

export async function markMove(
  worktree: string,
  mark: Omit<Mark, "boot">,
  signal?: AbortSignal,
): Promise<string> {
  const file = join(await gitDirOf(worktree, signal), MARK);
  writeFileDurably(file, JSON.stringify({ ...mark, boot: bootId() }));
  return file;
}

export async function unmarkMove(file: string): Promise<void> {
  await rm(file, { force: true });
  syncFolder(dirname(file));
}

/**
 * Ends a move that was made: its files are on the disk before the mark goes, because git writes them without syncing and a power
 * cut would leave them empty under a branch that has moved.
 */
export async function finishMove(
  repo: Repository,
  worktree: string,
  { from, to }: Pick<Mark, "from" | "to">,
  file: string,
): Promise<void> {
  const changed = (await changedFiles(repo, from, to)).filter(isFileChange);
  const places = changed.map(({ path }) => join(worktree, path));
  const found = await Promise.all(places.map((place) => lstat(place).catch(() => null)));
  await syncFiles(places.filter((_, at) => found[at]?.isFile()));
  await unmarkMove(file);
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
  const now = await readRef(repo, `refs/heads/${mark.target}`, signal);
  if (now === mark.from) {
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
  } else if (now === mark.to && mark.boot && mark.boot !== bootId()) {
    await fillFiles(repo, worktree, mark, signal);
  }
  await finishMove(repo, worktree, mark, file);
  return null;
}

/**
 * After a power cut: the branch has moved, and what git wrote in the checkout may be empty, cut off or not there. Such files get the
 * new content; what holds anything else is the person's and stays.
 */
async function fillFiles(
  repo: Repository,
  worktree: string,
  mark: Mark,
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
  await refreshIndex(worktree, signal);
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
  const args = [...DURABLE_INDEX, "-c", "submodule.recurse=false"];
  args.push("read-tree", "-m", "-u", from, to);
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
  if (lost.length > 0) await checkOut(worktree, lost.join(""), signal);
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
  await writeIndex(worktree, files, signal);
  await refreshIndex(worktree, signal);
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

async function refreshIndex(worktree: string, signal?: AbortSignal): Promise<void> {
  const args = [...DURABLE_INDEX, "update-index", "-q", "--refresh"];
  await runGit(worktree, args, { signal, timeoutMs: WRITE_TIMEOUT_MS, okExitCodes: [0, 1] });
}

/** Writes these files as the index has them; each ends with a zero byte. */
async function checkOut(worktree: string, input: string, signal?: AbortSignal): Promise<void> {
  const args = ["checkout-index", "-f", "-z", "--stdin"];
  await runGit(worktree, args, { signal, timeoutMs: WRITE_TIMEOUT_MS, input });
}
