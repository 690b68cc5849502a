import type { TaskStatus } from "../../../shared/model/task.ts";

const HOUR_MS = 3_600_000;
/** A removal can be undone for this long. */
export const UNDO_MS = 30 * 24 * HOUR_MS;
export const KEEP_HOURS = 24;
/** A cancelled task's work is nowhere else, and whoever cancelled it may think again. */
const CANCELLED_HOURS = 7 * 24;

export interface RemovalQuestion {
  /** Milliseconds of wall-clock time. */
  readonly nowMs: number;
  /** Tasks that have a worktree. */
  readonly tasks: readonly {
    readonly id: string;
    readonly status: TaskStatus;
    readonly sinceMs: number;
    /** When a person last had it put back; null when they never did. */
    readonly restoredMs: number | null;
    /** A session lives in its worktree. */
    readonly isLivedIn: boolean;
    readonly keepHours: number | "off";
  }[];
  readonly removals: readonly { readonly id: number; readonly atMs: number }[];
}

/** Which worktrees have had their time, and which removals can no longer be undone. */
export function planRemovals({ nowMs, tasks, removals }: RemovalQuestion): {
  readonly remove: readonly { readonly task: string; readonly why: string }[];
  readonly letGo: readonly number[];
} {
  const remove = tasks.flatMap(({ id, status, sinceMs, restoredMs, isLivedIn, keepHours }) => {
    if (keepHours === "off" || isLivedIn) return [];
    if (status !== "landed" && status !== "cancelled") return [];
    const hours = status === "landed" ? keepHours : Math.max(keepHours, CANCELLED_HOURS);
    if (nowMs - sinceMs < hours * HOUR_MS) return [];
    // Whoever had it put back wants to look at it.
    const lookMs = Math.max(hours, KEEP_HOURS) * HOUR_MS;
    if (restoredMs !== null && nowMs - restoredMs < lookMs) return [];
    return [{ task: id, why: `its task ${status === "landed" ? "has landed" : "was cancelled"}` }];
  });
  const letGo = removals.filter(({ atMs }) => nowMs - atMs >= UNDO_MS).map(({ id }) => id);
  return { remove, letGo };
}
