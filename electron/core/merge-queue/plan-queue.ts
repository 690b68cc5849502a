import type { EntryId, TaskId } from "../../../shared/model/ids.ts";
import type { EntryState } from "../../../shared/model/queue-entry.ts";

export interface PlannedEntry {
  readonly id: EntryId;
  readonly task: TaskId;
  readonly state: EntryState;
  readonly reason: string | null;
}

export type QueuePlan =
  | { readonly kind: "take"; readonly entry: EntryId }
  /** Nothing can be begun until something changes. */
  | { readonly kind: "rest" };

/**
 * What one project's queue does next: one entry at a time, in the given order (priority, then rank), but none before an entry
 * whose task it waits for. Entries that are held or wait for approval let the others pass.
 */
export function planQueue(queue: {
  readonly isPaused: boolean;
  /** The open ones, in the order of landing. */
  readonly entries: readonly PlannedEntry[];
  /** The tasks that a task waits for. */
  readonly after: (task: TaskId) => readonly TaskId[];
}): QueuePlan {
  if (queue.isPaused || queue.entries.some(isBusy)) return { kind: "rest" };
  const waiting = new Set(queue.entries.map((entry) => entry.task));
  const next = queue.entries.find(
    (entry) =>
      entry.state === "queued" && !queue.after(entry.task).some((task) => waiting.has(task)),
  );
  return next ? { kind: "take", entry: next.id } : { kind: "rest" };
}

function isBusy({ state }: PlannedEntry): boolean {
  return state === "preparing" || state === "checking" || state === "landing";
}

const CHECKOUT = "the checkout is in the way: ";

/** Why an entry is held that waits for the person's checkout; it goes on by itself once the checkout is free. */
export function checkoutReason(detail: string): string {
  return `${CHECKOUT}${detail}`;
}

export function isHeldByCheckout({ state, reason }: PlannedEntry): boolean {
  return state === "held" && reason !== null && reason.startsWith(CHECKOUT);
}
