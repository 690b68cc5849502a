import { describePull } from "../../../shared/model/describe-pull.ts";
import type { QueueEntry } from "../../../shared/model/queue-entry.ts";
import type { Reason } from "../task/explain-task.ts";

/** Why a task whose branch is in the queue has not landed. `halt`: why nothing lands at all, in words without a stop; null where it does. */
export function explainEntry(entry: QueueEntry, halt: string | null): Reason {
  const { id, state, position, reason, files } = entry;
  const why = reason === null ? "" : `: ${reason}`;
  const which = files.length === 0 ? "" : ` (${files.join(", ")})`;
  const parts = [
    `Its branch is ${state} in the merge queue, at position ${position}${why}${which}.`,
    halt === null ? null : `${halt}.`,
    // Last, because an address is followed by nothing.
    describePull(entry)?.replace("\n", " ") ?? null,
  ];
  return { kind: "queued", text: parts.filter((part) => part !== null).join(" "), subject: id };
}
