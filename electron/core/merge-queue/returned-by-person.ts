import type { EntryRecord } from "../store/store.ts";

export const RETURNED_WITH = "returned with a note: ";

/** True for work that a person sent back, false for work that the queue did. */
export function isReturnedByPerson({ reason }: Pick<EntryRecord, "reason">): boolean {
  return reason?.startsWith(RETURNED_WITH) ?? false;
}
