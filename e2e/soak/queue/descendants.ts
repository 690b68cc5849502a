import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Every living process that this one started, and those that they did. Only Linux tells. */
export function descendantsOf(pid: number): readonly number[] {
  const parents = new Map(listPids().map((each) => [each, parentOf(each)]));
  const found = [pid];
  for (const one of found) {
    for (const [each, parent] of parents) if (parent === one) found.push(each);
  }
  return found.slice(1);
}

/** Ends what still works in this folder, as the core that comes next would: a killed core leaves its checks running. */
export function endThoseIn(folder: string): void {
  for (const pid of listPids()) {
    try {
      if (readlinkSync(`/proc/${pid}/cwd`).startsWith(`${folder}/`) && !isGit(pid)) {
        process.kill(pid, "SIGKILL");
      }
    } catch {
      // It has ended by itself.
    }
  }
}

/** A git that outlives its core goes on to its end. */
function isGit(pid: number): boolean {
  return readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("git");
}

function listPids(): readonly number[] {
  return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // After the name, which may hold anything: the state, then the parent.
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return null;
  }
}
