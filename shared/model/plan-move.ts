import type { EntryId, TaskId } from "./ids.ts";
import type { QueueEntry } from "./queue-entry.ts";

type Waiting = Pick<QueueEntry, "id" | "task" | "state" | "hotfixAt">;

/**
 * Why an entry cannot stand at this 1-based position among the open ones, in a sentence; null when it can. `open` is in the order
 * of landing. An order that was wrong before the move is not its fault.
 */
export function whyNotMove(
  open: readonly Waiting[],
  afterOf: (task: TaskId) => readonly TaskId[],
  id: EntryId,
  position: number,
): string | null {
  const from = open.findIndex((entry) => entry.id === id);
  const moved = open[from];
  if (!moved) return null;
  if (moved.state === "landing") return `${id} is landing right now.`;
  const to = Math.min(Math.max(position, 1), open.length) - 1;
  // Only whom it would pass can forbid it.
  const passed = to < from ? open.slice(to, from).reverse() : open.slice(from + 1, to + 1);
  if (moved.hotfixAt !== null)
    return passed.length > 0 ? `${id} is a hot fix: it goes first.` : null;
  for (const other of passed) {
    if (to < from && other.hotfixAt !== null)
      return `${id} cannot land before ${other.id}: that is a hot fix.`;
    if (to < from && other.state === "landing") return `${other.id} is landing right now.`;
    if (to < from && afterOf(moved.task).includes(other.task))
      return `${id} cannot land before ${other.id}: ${moved.task} waits for ${other.task}.`;
    if (to > from && afterOf(other.task).includes(moved.task))
      return `${id} cannot land after ${other.id}: ${other.task} waits for ${moved.task}.`;
  }
  return null;
}
