import { readdirSync, readFileSync } from "node:fs";
import { startTicks } from "../core/base/process-identity.ts";

/**
 * Living processes that carry every one of `marks` (`NAME=value`) in the environment they were started with, and are no older than
 * the process that started at `since` clock ticks: children of a session, also those that left its process group.
 * Empty where there is no /proc.
 */
export function findMarked(marks: readonly string[], since: string | null): number[] {
  return listPids().filter((pid) => {
    if (pid === process.pid || !hasMarks(pid, marks)) return false;
    const start = startTicks(pid);
    return since === null || start === null || BigInt(start) >= BigInt(since);
  });
}

function listPids(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function hasMarks(pid: number, marks: readonly string[]): boolean {
  try {
    const environment = `\0${readFileSync(`/proc/${pid}/environ`, "utf8")}\0`;
    return marks.every((mark) => environment.includes(`\0${mark}\0`));
  } catch {
    // Gone meanwhile, or another user's.
    return false;
  }
}
