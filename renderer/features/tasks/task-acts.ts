import { isOver, type Task } from "../../../shared/model/task.ts";

export type TaskAct = "retry" | "edit" | "cancel";

const RETRIED: readonly Task["status"][] = ["failed", "cancelled", "parked", "needs-input"];

/** What makes sense to ask for a task. The core has the last word; this only keeps idle buttons away. */
export function actsForTask(task: Pick<Task, "status">): readonly TaskAct[] {
  return [
    ...(RETRIED.includes(task.status) ? (["retry"] as const) : []),
    "edit",
    ...(isOver(task.status) ? [] : (["cancel"] as const)),
  ];
}
