import { readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const KB_A_MB = 1024;
const BYTES_A_MB = 1024 * 1024;

/** What the machine has left for one more session. Null: this system does not tell, or not in a way that can be believed. */
interface MachineReading {
  readonly freeMemoryMb: number | null;
  /** Programs that want to run, a core, over the last minute. */
  readonly loadPerCore: number | null;
  readonly freeTerminals: number | null;
  readonly freeFiles: number | null;
}

/** `hostPid`: the process whose open files count, because it opens the terminals; null while there is none. Throws nothing. */
export function readMachineRoom(hostPid: number | null): MachineReading {
  return {
    freeMemoryMb: readFreeMemory(),
    loadPerCore:
      process.platform === "win32" ? null : (os.loadavg()[0] ?? 0) / os.availableParallelism(),
    freeTerminals: readFreeTerminals(),
    freeFiles: hostPid === null ? null : readFreeFiles(hostPid),
  };
}

/** What could be used without pushing anything out to disk; macOS counts as free only what nobody ever wanted. */
function readFreeMemory(): number | null {
  if (process.platform === "win32") return Math.floor(os.freemem() / BYTES_A_MB);
  const kb = numberAfter(/^MemAvailable:\s+(\d+) kB$/m, read("/proc/meminfo"));
  if (kb === null) return null;
  const ofMachine = Math.floor(kb / KB_A_MB);
  const ofGroup = readFreeInGroup();
  return ofGroup === null ? ofMachine : Math.min(ofMachine, ofGroup);
}

/** Inside a container, or a slice with a limit of its own: that limit, less what is in use and cannot be dropped. */
function readFreeInGroup(): number | null {
  const group = /^0::(\/.*)$/m.exec(read("/proc/self/cgroup") ?? "")?.[1];
  if (group === undefined) return null;
  const file = (name: string) => read(path.join("/sys/fs/cgroup", group, name));
  const most = numberAfter(/^(\d+)$/m, file("memory.max"));
  const used = numberAfter(/^(\d+)$/m, file("memory.current"));
  if (most === null || used === null) return null;
  const dropped = numberAfter(/^inactive_file (\d+)$/m, file("memory.stat")) ?? 0;
  return Math.max(0, Math.floor((most - used + dropped) / BYTES_A_MB));
}

/** Linux: of the kernel, and of this file system of terminals where it has a limit of its own. */
function readFreeTerminals(): number | null {
  const most = numberAfter(/^(\d+)$/m, read("/proc/sys/kernel/pty/max"));
  const used = numberAfter(/^(\d+)$/m, read("/proc/sys/kernel/pty/nr"));
  if (most === null || used === null) return null;
  // Of several mounts at one place the last is the one that is seen.
  const mount = read("/proc/self/mounts")
    ?.split("\n")
    .findLast((line) => line.includes(" /dev/pts devpts "));
  const mounted = numberAfter(/\bmax=(\d+)/, mount ?? null);
  if (mounted === null) return Math.max(0, most - used);
  const here = list("/dev/pts")?.filter((name) => /^\d+$/.test(name)).length ?? 0;
  return Math.max(0, Math.min(most - used, mounted - here));
}

function readFreeFiles(pid: number): number | null {
  const most = numberAfter(/^Max open files\s+(\d+)/m, read(`/proc/${pid}/limits`));
  const open = list(`/proc/${pid}/fd`)?.length ?? null;
  return most === null || open === null ? null : Math.max(0, most - open);
}

function numberAfter(pattern: RegExp, text: string | null): number | null {
  const found = text === null ? null : pattern.exec(text);
  return found?.[1] === undefined ? null : Number(found[1]);
}

function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Not on this system, or not for us to see.
    return null;
  }
}

function list(folder: string): readonly string[] | null {
  try {
    return readdirSync(folder);
  } catch {
    // As above.
    return null;
  }
}
