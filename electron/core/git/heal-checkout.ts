import { existsSync } from "node:fs";
import { lstat, readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { Oid } from "../../../shared/model/ids.ts";
import { bootId } from "../base/process-identity.ts";
import { syncFolder, writeFileDurably } from "../base/write-file-durably.ts";
import { type Blocker, gitDirOf, lockedBy } from "./checkout-blockers.ts";
import { changedFiles } from "./diff.ts";
import { clearIndexLock } from "./index-lock.ts";
import { removeLeftoverLock } from "./leftover-lock.ts";
import { fillFiles, isFileChange, mendFiles } from "./mend-files.ts";
import { currentBranch, isAncestor, type Repository } from "./repository.ts";
import { CHECKOUT_TIMEOUT_MS, DURABLE_INDEX, type GitOptions, runGit } from "./run-git.ts";
import { syncFiles } from "./sync-objects.ts";
import { headOf } from "./worktree.ts";

/** Stands in a checkout's git folder while we take it forward or back. */
const MARK = "switchyard-move.json";
const Mark = z.object({
  target: z.string(),
  from: Oid,
  to: Oid,
  /** The boot of the machine in which it was written. */
  boot: z.string().nullish(),
});
type Mark = z.infer<typeof Mark>;

/** Folders of checkouts in which a move of this branch was cut short, whatever is checked out there now. */
export async function findMarked(repo: Repository, target: string): Promise<readonly string[]> {
  const linked = join(repo.commonDir, "worktrees");
  const names = await readdir(linked).catch(() => []);
  const found: string[] = [];
  for (const gitDir of [repo.commonDir, ...names.map((name) => join(linked, name))]) {
    if ((await readMark(join(gitDir, MARK)))?.target !== target) continue;
    if (gitDir === repo.commonDir) found.push(repo.root);
    else {
      const link = await readFile(join(gitDir, "gitdir"), "utf8").catch(() => "");
      if (existsSync(link.trimEnd())) found.push(dirname(link.trimEnd()));
    }
  }
  return found;
}

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
 * Mends a checkout in which a move of ours was cut short, as its mark tells. Files that have the new content are
 * entered in the index; a file that holds a beginning of the new content, or is missing, gets the old content back.
 * Anything else is the person's: it stays, and is returned as what blocks. Without a mark nothing is done. A move back that was
 * cut short before it moved the branch is taken back whole: whoever asked for it can ask again. So is one in a checkout that the
 * person has switched to another branch since.
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
  const held = await clearIndexLock(gitDir, signal);
  if (held) return held;
  // In the order in which the move of a branch takes them.
  const locks = [
    join(gitDir, "HEAD.lock"),
    join(repo.commonDir, "refs", "heads", `${mark.target}.lock`),
  ];
  for (const lock of locks) {
    const leftover = await clearLock(lock, file, signal);
    if (leftover) return leftover;
  }
  // Where it is neither of the two, the person has gone on from there by themselves.
  const now = await headOf(worktree, signal);
  if (now === mark.from) {
    const foreign = await mendFiles(repo, worktree, mark, signal);
    if (foreign.length > 0) {
      return {
        reason: `${worktree} was changed while a landing was cut short in it`,
        files: foreign,
      };
    }
    const isElsewhere = (await currentBranch(worktree, signal)) !== mark.target;
    if (isElsewhere || (await isAncestor(repo, mark.to, mark.from, signal))) {
      await moveCheckout(worktree, mark.to, mark.from, { signal });
    }
  } else if (now === mark.to && mark.boot && mark.boot !== bootId()) {
    await fillFiles(repo, worktree, mark, signal);
  }
  await finishMove(repo, worktree, mark, file);
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
  options: Pick<GitOptions, "signal" | "env"> = {},
): Promise<void> {
  const args = [...DURABLE_INDEX, "-c", "submodule.recurse=false"];
  args.push("read-tree", "-m", "-u", from, to);
  await runGit(worktree, args, { ...options, timeoutMs: CHECKOUT_TIMEOUT_MS });
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
  return lockedBy(lock);
}
