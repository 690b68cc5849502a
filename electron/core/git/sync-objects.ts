import { closeSync, fsyncSync, openSync } from "node:fs";
import { join } from "node:path";
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
  const folders = new Set<string>();
  const oids = stdout.split("\n").filter((oid) => oid !== "");
  for (const [n, oid] of oids.entries()) {
    const folder = join(repo.commonDir, "objects", oid.slice(0, FOLDER_CHARS));
    if (syncFileIfThere(join(folder, oid.slice(FOLDER_CHARS)))) folders.add(folder);
    if (n % AT_ONCE === AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
  }
  for (const folder of folders) syncFolder(folder);
  if (folders.size > 0) syncFolder(join(repo.commonDir, "objects"));
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
