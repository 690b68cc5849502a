import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const CALLS =
  "open,openat,openat2,link,linkat,symlink,symlinkat,rename,renameat,renameat2,execve,clone,clone3,fork,vfork";

/** What to put before a program so that strace writes down which files it and all that it starts open. Two at once need two files: their lines would mix. */
export function underTrace(file: string): readonly string[] {
  const args = [
    "-D",
    "-f",
    "--seccomp-bpf",
    "-qq",
    "-s",
    "4096",
    "-o",
    file,
    "-e",
    `trace=${CALLS}`,
  ];
  return ["strace", ...args];
}

/** Null where strace can write down what a process opens, else why not. */
export function whyNoTrace(): string | null {
  try {
    const [program = "", ...args] = underTrace("/dev/null");
    execFileSync(program, [...args, "true"], { stdio: "pipe" });
    return null;
  } catch (error) {
    return `strace cannot be used here: ${String(error).split("\n")[0]}`;
  }
}

export interface Touch {
  readonly pid: number;
  /** The command line of the program that did it. */
  readonly program: string;
  readonly call: string;
}

/** The calls of a trace that name a file whose path holds `name`, each with the program that made it. */
export function findTouches(file: string, name: string): readonly Touch[] {
  const lines = readFileSync(file, "utf8").split("\n");
  const parents = new Map<number, number>();
  const touches: Touch[] = [];
  // A child may be heard of before the call that made it has returned.
  for (const line of lines) {
    const [, parent, child] = /^(\d+) .*(?:clone3?|v?fork)\b.* = (\d+)(?: |$)/.exec(line) ?? [];
    if (parent && child) parents.set(Number(child), Number(parent));
  }
  const programs = new Map<number, string>();
  const programOf = (pid: number): string => {
    const parent = parents.get(pid);
    return programs.get(pid) ?? (parent === undefined ? "" : programOf(parent));
  };
  for (const line of lines) {
    const [, id, call = ""] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const pid = Number(id);
    const run = /^execve\("([^"]*)", \[(.*?)\]/.exec(call);
    if (run) programs.set(pid, `${run[1]} ${run[2]}`);
    else if (call.includes(name)) touches.push({ pid, program: programOf(pid), call });
  }
  return touches;
}
