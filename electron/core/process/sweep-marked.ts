import { readdirSync, readFileSync } from "node:fs";
import type { Clock } from "../base/clock.ts";
import { bootId, isAlive, type ProcessIdentity, startTicks } from "../base/process-identity.ts";

/** From TERM to KILL. */
const GRACE_MS = 2_000;
const KILL_MS = 2_000;
const LOOK_EVERY_MS = 50;

/** Variables a process was started with, all of which must be there: `{ SWITCHYARD_SESSION: "s-3", … }`. */
export type Markers = Readonly<Record<string, string>>;

/**
 * Every living process that was started with these variables, however far it has strayed from the process that started it.
 * Linux only; elsewhere nothing is found, because no system call tells a process's environment.
 *
 * Session ids are counted in each data folder anew: add a marker that names the folder.
 */
export function findMarked(markers: Markers): readonly ProcessIdentity[] {
  if (process.platform !== "linux") return [];
  const wanted = Object.entries(markers).map(([name, value]) => `${name}=${value}`);
  if (wanted.length === 0) return [];
  const boot = bootId();
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => hasVariables(pid, wanted))
    .map((pid) => ({ pid: Number(pid), startTicks: startTicks(Number(pid)), bootId: boot }))
    .filter((found) => found.startTicks !== null && isAlive(found));
}

/** What this variable was when the process was started; null where that is not known. */
export function variableOf(pid: number, name: string): string | null {
  const start = `${name}=`;
  const found = [...readVariables(String(pid))].find((variable) => variable.startsWith(start));
  return found === undefined ? null : Buffer.from(found.slice(start.length), "latin1").toString();
}

/** Whether this process was started with these variables. False where no system call tells. */
export function isMarked(pid: number, markers: Markers): boolean {
  const wanted = Object.entries(markers).map(([name, value]) => `${name}=${value}`);
  return process.platform === "linux" && hasVariables(String(pid), wanted);
}

/** Ends every marked process, those that appear meanwhile included. Returns the ones that survived. */
export function endMarked(
  markers: Markers,
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly ProcessIdentity[]> {
  return endFound(() => findMarked(markers), clock, signal);
}

/** Ends every process that `find` names, those that it names only later included. Returns the ones that survived. */
export async function endFound(
  find: () => readonly ProcessIdentity[],
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly ProcessIdentity[]> {
  for (const [name, ms] of [
    ["SIGTERM", GRACE_MS],
    ["SIGKILL", KILL_MS],
  ] as const) {
    const endMs = clock.monotonicMs() + ms;
    // Asked once each: many programs take a second TERM as leave to skip their clean-up.
    const asked = new Set<string>();
    for (let left = find(); left.length > 0; left = find()) {
      if (clock.monotonicMs() > endMs) break;
      for (const found of left) {
        const key = `${found.pid} ${found.startTicks}`;
        if (!asked.has(key)) sendSignal(found, name);
        asked.add(key);
      }
      await clock.wait(LOOK_EVERY_MS, signal);
    }
  }
  return find();
}

function hasVariables(pid: string, wanted: readonly string[]): boolean {
  const variables = readVariables(pid);
  return wanted.every((variable) => variables.has(Buffer.from(variable).toString("latin1")));
}

function readVariables(pid: string): ReadonlySet<string> {
  try {
    return new Set(readFileSync(`/proc/${pid}/environ`, "latin1").split("\0"));
  } catch {
    // It has ended, or belongs to someone else and so is not ours.
    return new Set();
  }
}

function sendSignal(found: ProcessIdentity, signal: NodeJS.Signals): void {
  // Looked at again right before: a pid can have passed to another process.
  if (!isAlive(found)) return;
  try {
    process.kill(found.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
