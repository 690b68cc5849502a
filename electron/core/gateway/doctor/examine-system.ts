import type { Finding } from "../../../../shared/model/finding.ts";
import { bad, good, warning } from "./finding.ts";

/** What is looked at of the machine; everything that is not known here is null. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly nodeVersion: string;
  readonly home: string;
  readonly coreSocket: string;
  readonly now: Date;
  /** When the newest thing on record happened. */
  readonly newestAt: Date | null;
  /** The whole text of a file of the system's; null where there is none. */
  readonly readText: (file: string) => string | null;
  readonly disk: {
    readonly blockBytes: number;
    readonly blocks: number;
    readonly freeBlocks: number;
    readonly files: number;
    readonly freeFiles: number;
    /** The number by which the system knows the kind of file system. */
    readonly type: number;
  };
  /** How many processes the user has. */
  readonly processes: number | null;
  /** Watches the data folder for a moment; gives the error's code where the system has no watch left. */
  readonly tryWatch: () => string | null;
  readonly findProgram: (name: string) => string | null;
}

/** Numbers of reliability-security-ux.md 2a: below these nothing is dispatched. */
const DISK_FLOOR_BYTES = 2 * 1024 ** 3;
const DISK_FLOOR_SHARE = 0.05;
const INODE_FLOOR_SHARE = 0.1;
const TERMINALS_FLOOR = 32;
/** Open files a session needs at most in the terminal host: its terminal, its log, its connections. */
const FILES_PER_SESSION = 8;
/** A worker with its tools, its tests and their helpers; Linux counts threads too, and Claude Code alone has about 15. */
const PROCESSES_PER_SESSION = 60;
/** macOS keeps 104 bytes for the path of a socket, the closing zero included. */
const SOCKET_PATH_MAX_BYTES = 103;
/** Before this the program was not written. */
const OLDEST_NOW = Date.parse("2025-06-01T00:00:00Z");
const CLOCK_SLACK_MS = 60_000;

/** Kinds of file systems as statfs numbers them on Linux. */
const REMOTE_KINDS: Readonly<Record<number, string>> = {
  26985: "NFS",
  20859: "SMB",
  4283649346: "CIFS",
  4266872130: "SMB",
  12805120: "Ceph",
  1397113167: "AFS",
  16914839: "9P",
  1702057286: "FUSE",
};

export function examineSystem(machine: Machine, planned: number): readonly Finding[] {
  return [
    good("Node", `Node ${machine.nodeVersion}; the store's native module fits it.`),
    examineDisk(machine),
    examineInodes(machine),
    examineFileSystem(machine),
    examineOpenFiles(machine, planned),
    examineProcesses(machine, planned),
    examineTerminals(machine, planned),
    examineWatches(machine),
    examineSocket(machine),
    examineClock(machine),
    examineSandbox(machine),
  ].filter((finding) => finding !== null);
}

function examineDisk({ disk }: Machine): Finding {
  const freeBytes = disk.freeBlocks * disk.blockBytes;
  const share = disk.freeBlocks / disk.blocks;
  const detail = `${(freeBytes / 1024 ** 3).toFixed(1)} GiB (${Math.round(share * 100)} %) free where the data folder is.`;
  if (freeBytes >= DISK_FLOOR_BYTES && share >= DISK_FLOOR_SHARE) return good("Disk", detail);
  return bad(
    "Disk",
    `${detail} No work is started below 2 GiB or 5 %: worktrees and logs would fill it.`,
    "Free some space: worktrees and logs of finished tasks can go.",
  );
}

function examineInodes({ disk }: Machine): Finding | null {
  // Some file systems make them as they go, and say none.
  if (disk.files === 0) return null;
  const share = disk.freeFiles / disk.files;
  const detail = `${Math.round(share * 100)} % of the disk's files (inodes) are free.`;
  if (share >= INODE_FLOOR_SHARE) return good("Inodes", detail);
  return bad(
    "Inodes",
    `${detail} Without them no file can be made, however much space there is.`,
    "Delete folders of many small files, such as node_modules of projects at rest.",
  );
}

function examineFileSystem({ disk, home, platform }: Machine): Finding {
  const name = "Data folder";
  const kind = platform === "linux" ? REMOTE_KINDS[disk.type] : undefined;
  if (kind === undefined) return good(name, `${home} is on a disk of this machine.`);
  return bad(
    name,
    `${home} is on ${kind}, where locks and syncs do not hold: what was saved can be lost.`,
    "switchyard --home FOLDER serve",
  );
}

function examineOpenFiles({ readText }: Machine, planned: number): Finding | null {
  const limit = readLimit(readText, "Max open files");
  if (limit === null) return null;
  const needed = planned * FILES_PER_SESSION + 256;
  const detail = `${limit} open files allowed, about ${needed} needed for ${planned} sessions.`;
  if (limit >= needed) return good("Open files", detail);
  return bad(
    "Open files",
    `${detail} At the limit neither a terminal nor a log can be opened.`,
    `ulimit -n ${needed * 2}`,
  );
}

function examineProcesses(machine: Machine, planned: number): Finding | null {
  const { readText, processes } = machine;
  const limit = readLimit(readText, "Max processes");
  if (limit === null || processes === null) return null;
  const needed = planned * PROCESSES_PER_SESSION;
  const free = limit - processes;
  const detail = `${free} more processes and threads allowed, about ${needed} needed for ${planned} sessions.`;
  if (free >= needed) return good("Processes", detail);
  return bad(
    "Processes",
    `${detail} At the limit workers' commands fail in ways that look like their own faults.`,
    `ulimit -u ${processes + needed * 2}`,
  );
}

function examineTerminals({ readText }: Machine, planned: number): Finding | null {
  const max = toNumber(readText("/proc/sys/kernel/pty/max"));
  const used = toNumber(readText("/proc/sys/kernel/pty/nr"));
  if (max === null || used === null) return null;
  const free = max - used;
  const needed = Math.max(planned, TERMINALS_FLOOR);
  const detail = `${free} pseudo-terminals free, ${planned} needed.`;
  if (free >= needed) return good("Terminals", detail);
  return bad(
    "Terminals",
    `${detail} When none is left no session starts; it is a limit of its own, whatever the disk says.`,
    `sudo sysctl kernel.pty.max=${max + needed}`,
  );
}

function examineWatches({ tryWatch }: Machine): Finding {
  const name = "File watches";
  const code = tryWatch();
  if (code === null) return good(name, "Folders can be watched.");
  const isInstances = code === "EMFILE";
  return warning(
    name,
    `No folder can be watched any more (${code}${code === "ENOSPC" ? ", which is not about the disk" : ""}): sessions' states are looked up by the clock instead, a little later.`,
    isInstances
      ? "sudo sysctl fs.inotify.max_user_instances=1024"
      : "sudo sysctl fs.inotify.max_user_watches=524288",
  );
}

function examineSocket({ coreSocket }: Machine): Finding {
  const name = "Socket";
  const bytes = new TextEncoder().encode(coreSocket).length;
  if (bytes <= SOCKET_PATH_MAX_BYTES) return good(name, `Its path has ${bytes} bytes.`);
  return bad(
    name,
    `The path ${coreSocket} has ${bytes} bytes; systems cut it at ${SOCKET_PATH_MAX_BYTES}, and then nothing finds the app.`,
    "switchyard --home SHORTER-FOLDER serve",
  );
}

function examineClock({ now, newestAt }: Machine): Finding {
  const name = "Clock";
  const fix = "sudo timedatectl set-ntp true";
  if (now.getTime() < OLDEST_NOW)
    return bad(
      name,
      `It says ${now.toISOString()}: limits would be waited for that have long passed.`,
      fix,
    );
  if (newestAt !== null && newestAt.getTime() > now.getTime() + CLOCK_SLACK_MS)
    return warning(
      name,
      `It says ${now.toISOString()}, but something on record happened at ${newestAt.toISOString()}: it was set back.`,
      fix,
    );
  return good(name, `${now.toISOString()}, after everything on record.`);
}

function examineSandbox({ platform, findProgram }: Machine): Finding | null {
  if (platform !== "linux") return null;
  const name = "Sandbox tools";
  const missing = ["bwrap", "socat"].filter((program) => findProgram(program) === null);
  if (missing.length === 0) return good(name, "bwrap and socat are there.");
  return warning(
    name,
    `Claude Code's own sandbox cannot be used without ${missing.join(" and ")}. The gate is a seat-belt; the sandbox is the wall.`,
    "sudo apt-get install bubblewrap socat",
  );
}

/** `unlimited` is more than any need. */
function readLimit(readText: Machine["readText"], title: string): number | null {
  const found = new RegExp(`^${title}\\s+(\\d+|unlimited)`, "m").exec(
    readText("/proc/self/limits") ?? "",
  )?.[1];
  if (found === undefined) return null;
  return found === "unlimited" ? Number.MAX_SAFE_INTEGER : Number(found);
}

function toNumber(text: string | null): number | null {
  return text === null || Number.isNaN(Number(text)) ? null : Number(text);
}
