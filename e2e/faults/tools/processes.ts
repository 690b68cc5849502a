import { readdirSync, readFileSync } from "node:fs";
import { dataFolder } from "../../../electron/core/base/data-folder.ts";
import { bootId, isAlive, startTicks } from "../../../electron/core/base/process-identity.ts";
import type { AppHome } from "../../app-home.ts";

/** The process that runs the terminals of this data folder; null when none does. */
export function hostPid(home: AppHome): number | null {
  try {
    const { pid } = JSON.parse(readFileSync(dataFolder(home.folder).hostFile, "utf8"));
    return typeof pid === "number" && isThere(pid) ? pid : null;
  } catch {
    return null;
  }
}

/** Processes that were started for this data folder, by what is in their environment: `pid command line`. Linux only. */
export function listProcessesOf(home: AppHome): readonly string[] {
  const root = home.folder.slice(0, home.folder.lastIndexOf("/"));
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => isThere(Number(pid)) && readProcFile(pid, "environ").includes(root))
    .map((pid) => `${pid} ${readProcFile(pid, "cmdline").replaceAll("\0", " ").slice(0, 160)}`);
}

/** False for a process that has ended, also when nobody has fetched its exit code yet. */
export function isThere(pid: number): boolean {
  return isAlive({ pid, startTicks: startTicks(pid), bootId: bootId() });
}

export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

function readProcFile(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    // It has ended.
    return "";
  }
}
