import { link, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isAlive, ownIdentity } from "../base/process-identity.ts";
import { type Blocker, lockedBy } from "./checkout-blockers.ts";
import { removeLeftoverLock } from "./leftover-lock.ts";

/** git's own lock files are empty, or the index that is being written. */
const Holder = z.object({
  holder: z.literal("switchyard"),
  pid: z.number(),
  startTicks: z.string().nullable(),
  bootId: z.string().nullable(),
});

/** The index that a move of ours writes before it takes the place of the checkout's own. */
export function movedIndexOf(gitDir: string): string {
  return join(gitDir, "switchyard-move-index");
}

export function indexLockOf(gitDir: string): string {
  return join(gitDir, "index.lock");
}

/** Takes a checkout's index from every other git until it is given back. Null: somebody has it. */
export async function takeIndexLock(gitDir: string): Promise<AsyncDisposable | null> {
  const lock = indexLockOf(gitDir);
  const beside = join(gitDir, "switchyard-move-lock");
  try {
    await writeFile(beside, JSON.stringify({ holder: "switchyard", ...ownIdentity() }));
    // There is no moment at which it is there and does not say whose it is.
    await link(beside, lock);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return null;
    throw error;
  } finally {
    await rm(beside, { force: true });
  }
  return {
    async [Symbol.asyncDispose]() {
      await rm(movedIndexOf(gitDir), { force: true });
      await rm(lock, { force: true });
    },
  };
}

/**
 * Takes away the lock that a core of ours left when it was killed, once the git that it was running has ended. One that says nothing of
 * us, or whose core lives, stays and is what blocks: a person's commit holds it for as long as their editor is open.
 */
export async function clearIndexLock(
  gitDir: string,
  signal?: AbortSignal,
): Promise<Blocker | null> {
  const lock = indexLockOf(gitDir);
  const text = await readFile(lock, "utf8").catch(() => null);
  if (text !== null && !isLeftByUs(text)) return lockedBy(lock);
  const moved = movedIndexOf(gitDir);
  if (!(await removeLeftoverLock(`${moved}.lock`, signal))) return lockedBy(`${moved}.lock`);
  await rm(moved, { force: true });
  if (text !== null) await rm(lock, { force: true });
  return null;
}

function isLeftByUs(text: string): boolean {
  try {
    const { pid, startTicks, bootId } = Holder.parse(JSON.parse(text));
    // Of this process no other move is under way in the same checkout.
    return pid === process.pid || !isAlive({ pid, startTicks, bootId });
  } catch {
    return false;
  }
}
