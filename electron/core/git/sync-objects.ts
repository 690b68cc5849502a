import { closeSync, fsyncSync, openSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import { syncFolder } from "../base/write-file-durably.ts";
import type { Repository } from "./repository.ts";
import { READ_TIMEOUT_MS, runGit } from "./run-git.ts";

/** Objects are named two to a folder's name and the rest to the file's. */
const FOLDER_CHARS = 2;
/** So many files are synced before others get a turn: a slow disk takes milliseconds for each. */
const AT_ONCE = 32;

/**
 * Brings to the disk what `to` holds and `from` does not. The git of a worker and of its person writes its objects without
 * syncing them, so a branch that was moved durably could point at files that a power cut leaves empty. What is in a pack is
 * synced already: git does that by itself.
 */
export async function syncObjects(
  repo: Repository,
  from: Oid,
  to: Oid,
  signal?: AbortSignal,
): Promise<void> {
  const args = ["rev-list", "--objects", "--no-object-names", to, `^${from}`];
  const { stdout } = await runGit(repo.commonDir, args, { signal, timeoutMs: READ_TIMEOUT_MS * 6 });
  const objects = join(repo.commonDir, "objects");
  const files = stdout
    .split("\n")
    .filter((oid) => oid !== "")
    .map((oid) => join(objects, oid.slice(0, FOLDER_CHARS), oid.slice(FOLDER_CHARS)));
  if ((await syncFiles(files)) > 0) syncFolder(objects);
}

/** Brings these files and their names to the disk; gives how many there are. What is not there, or no file, is left out. */
export async function syncFiles(files: readonly string[]): Promise<number> {
  const folders = new Set<string>();
  let count = 0;
  for (const [n, file] of files.entries()) {
    if (syncFileIfThere(file)) {
      folders.add(dirname(file));
      count += 1;
    }
    if (n % AT_ONCE === AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
  }
  for (const folder of folders) syncFolder(folder);
  return count;
}

/** False for what is in a pack, or in a repository that this one borrows from. */
function syncFileIfThere(file: string): boolean {
  let descriptor: number;
  try {
    // Windows syncs only what is open for writing, and objects are read-only there: nothing can be done.
    descriptor = openSync(file, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
  try {
    if (process.platform !== "win32") fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return true;
}
