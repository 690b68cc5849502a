import type { EntryId } from "../../../shared/model/ids.ts";
import { findMoveBlocker } from "../git/move-target.ts";
import type { Repository } from "../git/repository.ts";
import type { EntryRecord } from "../store/store.ts";

const CHECKOUT = "the checkout is in the way: ";

/** Why an entry is held that waits for the person's checkout; it goes on by itself once the checkout is free. */
export function checkoutReason(detail: string): string {
  return `${CHECKOUT}${detail}`;
}

export function isHeldByCheckout({
  state,
  reason,
}: Pick<EntryRecord, "state" | "reason">): boolean {
  return state === "held" && reason !== null && reason.startsWith(CHECKOUT);
}

/** Those that the checkout would let by now. */
export async function findFreed(
  repo: Repository,
  target: string,
  held: readonly EntryRecord[],
  signal: AbortSignal,
): Promise<readonly EntryId[]> {
  const freed: EntryId[] = [];
  for (const { id, base, candidate } of held) {
    if (base === null || candidate === null) continue;
    const move = { repo, target, from: base, to: candidate, note: "", signal };
    if ((await findMoveBlocker(move)) === null) freed.push(id);
  }
  return freed;
}
