import { readdirSync, readFileSync } from "node:fs";
import { growTree, type ProcessRow, type ProcessTree, rootTree } from "./grow-tree.ts";

/** A child that lives shorter than this and leaves one without a mark behind is not seen. One look costs 2 ms at 100 processes. */
const LOOK_EVERY_MS = 1_000;

/** The processes that came from sessions' programs, looked at while these run. Linux only; elsewhere nothing is seen. */
export class ProcessTrees implements Disposable {
  readonly #trees = new Map<number, ProcessTree>();
  readonly #limits = new Map<number, Limit>();
  #timer: NodeJS.Timeout | null = null;
  #memoryKills = countMemoryKills();
  #memoryKillsBefore = this.#memoryKills;

  /** From now on what comes from this process is remembered, until `forget`. */
  follow(pid: number, startTicks: string | null): void {
    if (startTicks === null) return;
    this.#trees.set(pid, rootTree(pid, startTicks));
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  /** What lives of a process's tree now, the process itself included. */
  living(pid: number): readonly number[] {
    if (this.#trees.has(pid)) this.#look();
    return [...(this.#trees.get(pid)?.keys() ?? [])];
  }

  /** Calls `onOver` with their number at each look that finds more than `max` processes of this tree. */
  limit(pid: number, max: number, onOver: (count: number) => void): void {
    this.#limits.set(pid, { max, onOver });
  }

  forget(pid: number): void {
    this.#trees.delete(pid);
    this.#limits.delete(pid);
    if (this.#trees.size === 0) this[Symbol.dispose]();
  }

  /** Whether the system has ended a process for want of memory within the last two looks. */
  get isMemoryShort(): boolean {
    return countMemoryKills() > this.#memoryKillsBefore;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer ?? undefined);
    this.#timer = null;
  }

  #look(): void {
    const rows = listProcesses();
    for (const [pid, tree] of this.#trees) {
      const grown = growTree(tree, rows);
      this.#trees.set(pid, grown);
      const limit = this.#limits.get(pid);
      // In a turn of its own: who hears of it looks again.
      if (limit && grown.size > limit.max) setImmediate(limit.onOver, grown.size);
    }
    this.#memoryKillsBefore = this.#memoryKills;
    this.#memoryKills = countMemoryKills();
  }
}

interface Limit {
  readonly max: number;
  readonly onOver: (count: number) => void;
}

function listProcesses(): readonly ProcessRow[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => readProcess(pid) ?? []);
}

/** Null for one that has ended, collected or not. */
function readProcess(pid: string): ProcessRow | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in brackets before these can hold spaces and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, parent, , sid] = fields;
    const startTicks = fields[19];
    if (startTicks === undefined || state === "Z" || state === "X") return null;
    return { pid: Number(pid), parent: Number(parent), sid: Number(sid), startTicks };
  } catch {
    return null;
  }
}

/** How often the system ended a process for want of memory since it was started. */
function countMemoryKills(): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync("/proc/vmstat", "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
