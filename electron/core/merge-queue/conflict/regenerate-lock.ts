import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import type { Oid } from "../../../../shared/model/ids.ts";
import { unreachable } from "../../../../shared/model/unreachable.ts";
import { hashFile, hasMarkers } from "../../git/conflict.ts";
import { type PoolWorktree, switchPool } from "../../git/pool-worktree.ts";
import { readStatus } from "../../git/repository.ts";
import { type LockFile, lockFileAt } from "./lock-files.ts";

/** Runs a command line in a folder; true when it ended well. */
export type RunTool = (command: string, folder: string) => Promise<boolean>;

/**
 * Makes a lock file anew from the manifest beside it, in the pool worktree at `commit`, which holds the target's own lock file.
 * Null when its tool is not there or fails, when it changes another file, when the result does not parse, and when a second run
 * gives another: then it does not depend on the manifest alone.
 */
export async function regenerateLock(
  pool: PoolWorktree,
  commit: Oid,
  path: string,
  run: RunTool,
  signal?: AbortSignal,
): Promise<Oid | null> {
  const lock = lockFileAt(path);
  if (!lock) return null;
  await switchPool(pool, commit, signal);
  const folder = join(pool.path, dirname(path));
  const isThere = (name: string) => existsSync(join(folder, name));
  if (!isThere(lock.manifest) || (lock.onlyWith && !isThere(lock.onlyWith))) return null;
  if (!(await run(`command -v ${lock.tool}`, folder))) return null;
  const file = join(pool.path, path);
  for (const command of lock.commands) {
    await switchPool(pool, commit, signal);
    if (!(await run(command, folder))) continue;
    const first = await readFile(file);
    const isAgain = await run(command, folder);
    const isSame = isAgain && first.equals(await readFile(file));
    const changed = await readStatus(pool.path, "no", signal ? { signal } : {});
    const isAlone = changed.every((each) => each.path === path);
    return isSame && isAlone && isSound(lock, first) ? hashFile(pool.path, path, signal) : null;
  }
  return null;
}

function isSound({ format }: LockFile, content: Buffer): boolean {
  if (hasMarkers(content)) return false;
  try {
    switch (format) {
      case "json":
        return typeof JSON.parse(content.toString()) === "object";
      case "yaml":
        return typeof parse(content.toString()) === "object";
      case "text":
        return content.length > 0;
      default:
        return unreachable(format);
    }
  } catch {
    return false;
  }
}
