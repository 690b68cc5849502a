import { create } from "zustand";

/** What is being written under a card: why something is denied or returned, or a message to its worker. */
export interface Note {
  readonly item: string;
  readonly act: "deny" | "reply" | "return";
}

interface InboxView {
  readonly selected: string | null;
  readonly note: Note | null;
}

/** What this window shows of the inbox. */
export const useInboxView = create<InboxView>(() => ({ selected: null, note: null }));

export function selectItem(selected: string | null): void {
  useInboxView.setState({ selected });
}

/** Opens the field for a note under a card, or closes it. */
export function writeNote(note: Note | null): void {
  useInboxView.setState(note ? { note, selected: note.item } : { note });
}
