import { create } from "zustand";
import type { EntryId } from "../../../shared/model/ids.ts";

export type EntryTab = "summary" | "diff" | "checks";

interface QueueView {
  readonly selected: EntryId | null;
  readonly tab: EntryTab;
  readonly returning: EntryId | null;
}

/** What this window shows of the merge queue. */
export const useQueueView = create<QueueView>(() => ({
  selected: null,
  tab: "summary",
  returning: null,
}));

export function selectEntry(selected: EntryId | null): void {
  useQueueView.setState({ selected });
}

export function showTab(tab: EntryTab): void {
  useQueueView.setState({ tab });
}

/** Asks for the note with which an entry goes back to its worker. */
export function askForReturn(returning: EntryId | null): void {
  useQueueView.setState({ returning });
}
