import type { TaskId } from "../../../shared/model/ids.ts";

/**
 * Finds a cycle that `task` would close by waiting for `after`, as the chain of ids from the task back to itself,
 * or null when there is none. `afterOf` answers for the tasks that exist.
 */
export function findCycle(
  task: TaskId,
  after: readonly TaskId[],
  afterOf: (id: TaskId) => readonly TaskId[],
): readonly TaskId[] | null {
  const visited = new Set<TaskId>();
  const path: { id: TaskId; rest: TaskId[] }[] = [{ id: task, rest: [...after] }];
  for (;;) {
    const top = path.at(-1);
    if (!top) return null;
    const next = top.rest.pop();
    if (next === undefined) {
      path.pop();
    } else if (next === task) {
      return [...path.map((step) => step.id), task];
    } else if (!visited.has(next)) {
      visited.add(next);
      path.push({ id: next, rest: [...afterOf(next)] });
    }
  }
}
