import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface ProcessLook {
  readonly memoryMb: number;
  readonly files: number;
  readonly terminals: number;
  readonly threads: number;
}

/** What a process holds right now. Linux only. */
export function lookAtProcess(pid: number): ProcessLook {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1]);
  const files = readdirSync(`/proc/${pid}/fd`).map((fd) => leadsTo(`/proc/${pid}/fd/${fd}`));
  return {
    memoryMb: field("VmRSS") / 1024,
    files: files.length,
    terminals: files.filter((file) => file.includes("ptmx")).length,
    threads: field("Threads"),
  };
}

function leadsTo(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    // Closed since it was listed.
    return "";
  }
}
