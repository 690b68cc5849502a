import { readdirSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

/** From TERM to KILL: time to remove lock files and temporary folders. */
const GRACE_MS = 2_000;
/** How long KILL may take: a process inside a system call that cannot be interrupted ends after it. */
const KILL_MS = 5_000;

/**
 * Ends every process of a group that is led by `leader`: asks, then forces, and waits until none is left.
 * A process that left the group on purpose (setsid) is not reached; see sweep-marked.ts.
 */
export async function endProcessGroup(leader: number): Promise<void> {
  if (!signalGroup(leader, "SIGTERM")) return;
  if (await isGoneWithin(leader, GRACE_MS)) return;
  signalGroup(leader, "SIGKILL");
  if (await isGoneWithin(leader, KILL_MS)) return;
  throw new Error(`processes of group ${leader} are still there ${KILL_MS} ms after SIGKILL`);
}

/** False when there is nobody to signal. */
function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    // Windows has no groups: there it is the leader alone.
    process.kill(process.platform === "win32" ? leader : -leader, signal);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ESRCH") return false;
    if (code === "EPERM") return hasLivingMember(leader);
    throw error;
  }
}

async function isGoneWithin(leader: number, ms: number): Promise<boolean> {
  // The system tells nobody when the last of a group ends: it has to be asked.
  const endMs = performance.now() + ms;
  for (let pauseMs = 2; signalGroup(leader, 0) && hasLivingMember(leader); ) {
    if (performance.now() > endMs) return false;
    await setTimeout(pauseMs);
    pauseMs = Math.min(pauseMs * 2, 50);
  }
  return true;
}

/** A group also counts members that have ended and were not collected; those are gone for us. */
function hasLivingMember(leader: number): boolean {
  if (process.platform !== "linux") return true;
  return readdirSync("/proc").some((name) => /^\d+$/.test(name) && isLivingMember(name, leader));
}

function isLivingMember(pid: string, leader: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(group) === leader && state !== "Z" && state !== "X";
  } catch {
    // It ended while it was being looked at.
    return false;
  }
}
