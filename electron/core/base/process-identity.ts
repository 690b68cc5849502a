import { readFileSync } from "node:fs";

/** Enough to tell a process from a later one with the same pid. Null where the system does not tell. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start of the process in clock ticks since boot. */
  readonly startTicks: string | null;
  readonly bootId: string | null;
}

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, startTicks: startTicks(process.pid), bootId: bootId() };
}

/** Changes with every boot of the machine; null outside Linux. */
export function bootId(): string | null {
  return readIfThere("/proc/sys/kernel/random/boot_id")?.trim() ?? null;
}

/** Null when there is no such process, or no way to know (outside Linux, where only a program could tell). */
export function startTicks(pid: number): string | null {
  return readStat(pid)?.startTicks ?? null;
}

/**
 * Whether this very process still runs. One that has ended and was not collected yet (a zombie) is dead, and so is one whose
 * pid now belongs to another. Where nothing can be proved the answer is yes.
 */
export function isAlive(identity: ProcessIdentity): boolean {
  const boot = bootId();
  if (identity.bootId !== null && boot !== null && identity.bootId !== boot) return false;
  if (process.platform !== "linux") return hasPid(identity.pid);
  const stat = readStat(identity.pid);
  // /proc can be mounted so that it hides the processes of other users.
  if (!stat) return hasPid(identity.pid);
  if (stat.state === "Z" || stat.state === "X") return false;
  return identity.startTicks === null || identity.startTicks === stat.startTicks;
}

function hasPid(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function readStat(pid: number): { readonly state: string; readonly startTicks: string } | null {
  const text = readIfThere(`/proc/${pid}/stat`);
  if (text === null) return null;
  // The second field is the program's name in brackets and can hold spaces and brackets; the third follows the last one.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, startTicks] = [fields[0], fields[19]];
  return state && startTicks ? { state, startTicks } : null;
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // ESRCH: the process went while its file was being read.
    if (code === "ENOENT" || code === "ESRCH" || code === "EACCES") return null;
    throw error;
  }
}
