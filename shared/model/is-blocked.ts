import type { Task } from "./task.ts";

/** How the reason of a task begins whose worker called `task_blocked`. */
export const BLOCKED = "blocked: ";

export function isBlocked({ status, reason }: Pick<Task, "status" | "reason">): boolean {
  return status === "needs-input" && (reason?.startsWith(BLOCKED) ?? false);
}
