import { create } from "zustand";
import type { EntryId, ProjectName } from "../../../shared/model/ids.ts";

export type EntryTab = "summary" | "diff" | "checks" | "conflict";

/** Landed work that is about to be taken back. */
export type TakeBack =
  | { readonly kind: "revert"; readonly entry: EntryId }
  | { readonly kind: "undo"; readonly project: ProjectName };

interface QueueView {
  readonly selected: EntryId | null;
  readonly tab: EntryTab;
  readonly returning: EntryId | null;
  readonly takingBack: TakeBack | null;
}

/** What this window shows of the merge queue. */
export const useQueueView = create<QueueView>(() => ({
  selected: null,
  tab: "summary",
  returning: null,
  takingBack: null,
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

/** Says what a revert or an undo would take back, and asks. */
export function askForTakeBack(takingBack: TakeBack | null): void {
  useQueueView.setState({ takingBack });
}
