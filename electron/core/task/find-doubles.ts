import type { Task } from "../../../shared/model/task.ts";
import type { ListedTask } from "./read-task-list.ts";

/** The tasks of a project that a list would add once more: the same words, and nobody is done with them. */
export function findDoubles<Known extends Pick<Task, "title" | "body" | "status">>(
  listed: readonly ListedTask[],
  known: readonly Known[],
): readonly Known[] {
  const words = new Set(listed.map(wordsOf));
  return known.filter(
    (task) => task.status !== "landed" && task.status !== "cancelled" && words.has(wordsOf(task)),
  );
}

function wordsOf({ title, body }: ListedTask): string {
  return JSON.stringify([title.trim(), body.trim()]);
}
