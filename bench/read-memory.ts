import { readFileSync } from "node:fs";

/** Megabytes that these processes have of their own, with their part of what they share. NaN where the system does not tell. */
export function readMemory(pids: readonly number[]): number {
  if (process.platform !== "linux") return Number.NaN;
  return pids.reduce((sum, pid) => {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return sum + Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? Number.NaN) / 1024;
  }, 0);
}
