import type { EntryId } from "./ids.ts";
import type { QueueEntry } from "./queue-entry.ts";

const CHECKOUT = "the checkout is in the way: ";
const BEHIND = "its checks passed; the checkout is in the way of ";

/** Why an entry is held that waits for the person's checkout; it lands by itself once the checkout is free. */
export function checkoutReason(detail: string): string {
  return `${CHECKOUT}${detail}`;
}

/** … that waits for others which the checkout is in the way of: it lands with them or right after them. */
export function behindReason(first: readonly EntryId[]): string {
  return `${BEHIND}${first.join(", ")}`;
}

type Held = Pick<QueueEntry, "state" | "reason">;

export function isHeldByCheckout({ state, reason }: Held): boolean {
  const isFirst = state === "held" && reason?.startsWith(CHECKOUT) === true;
  return isFirst || isBehindHeld({ state, reason });
}

/** Nothing of its own is in the way. */
export function isBehindHeld({ state, reason }: Held): boolean {
  return state === "held" && (reason?.startsWith(BEHIND) ?? false);
}
