import type { EntryState, QueueEntry } from "../../../shared/model/queue-entry.ts";

export type EntryAct =
  | "approve"
  | "return"
  | "hotfix"
  | "end-hotfix"
  | "hold"
  | "release"
  | "retry"
  | "move-up"
  | "move-down"
  | "remove"
  | "revert";

const inQueue: readonly EntryAct[] = [
  "return",
  "hold",
  "hotfix",
  "end-hotfix",
  "move-up",
  "move-down",
  "remove",
];

const acts: Readonly<Record<EntryState, readonly EntryAct[]>> = {
  queued: inQueue,
  preparing: inQueue,
  checking: inQueue,
  "awaiting-approval": ["approve", ...inQueue],
  // To test it again is to ask for another look at the target.
  proposed: ["retry", "return", "hold", "move-up", "move-down", "remove"],
  held: ["release", "return", "move-up", "move-down", "remove"],
  // The ref may be moving at this very moment.
  landing: [],
  landed: ["revert"],
  returned: ["retry"],
  removed: ["retry"],
};

/** What makes sense to ask for an entry. The core has the last word; this only keeps idle buttons away. */
export function actsFor(entry: QueueEntry, queueLength: number): readonly EntryAct[] {
  return acts[entry.state].filter((act) => {
    if (act === "hotfix") return entry.hotfixAt === null;
    if (act === "end-hotfix") return entry.hotfixAt !== null;
    if (act === "move-up") return entry.position > 1 && entry.hotfixAt === null;
    if (act === "move-down") return entry.position < queueLength && entry.hotfixAt === null;
    if (act === "revert") return isRevertible(entry);
    return true;
  });
}

/** One that landed although the target had all of it already brought nothing that could be taken back. */
export function isRevertible({ state, candidate }: QueueEntry): boolean {
  return state === "landed" && candidate !== null;
}
