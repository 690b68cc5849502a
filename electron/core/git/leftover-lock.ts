import { readdir, readlink, rm, stat } from "node:fs/promises";
import { systemClock } from "../base/clock.ts";

/** How long a git that outlived the core which started it may still take. */
const OUTLIVES_MS = 15_000;

/**
 * Removes a lock file that a git of ours left behind when it was killed; a git that still holds it is waited for.
 * Only for locks that nobody but us can have taken. False: a living process has it still.
 */
export async function removeLeftoverLock(lock: string, signal?: AbortSignal): Promise<boolean> {
  const never = new AbortController().signal;
  const givesUpAt = systemClock.monotonicMs() + OUTLIVES_MS;
  while (await stat(lock).catch(() => null)) {
    const isHeld = await hasOpen(lock);
    const isLate = systemClock.monotonicMs() > givesUpAt;
    if (isHeld === true && isLate) return false;
    if (isHeld === false || isLate) await rm(lock, { force: true });
    else await systemClock.wait(100, signal ?? never);
  }
  return true;
}

/** Whether some process of ours has this file open; null where the system does not tell (outside Linux). */
async function hasOpen(path: string): Promise<boolean | null> {
  if (process.platform !== "linux") return null;
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const folder = `/proc/${pid}/fd`;
    // Processes of other people, and those that end meanwhile, cannot be read.
    for (const descriptor of await readdir(folder).catch(() => [])) {
      if ((await readlink(`${folder}/${descriptor}`).catch(() => "")) === path) return true;
    }
  }
  return false;
}
