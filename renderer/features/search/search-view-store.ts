import { create } from "zustand";
import type { SessionId } from "../../../shared/model/ids.ts";
import type { SearchAnswer } from "../../../shared/model/transcript.ts";

interface SearchView {
  /** What was searched for last; it is there again when the search is opened again. */
  readonly text: string;
  readonly answer: SearchAnswer | null;
  /** The transcript that is read, and the line of it that is looked for; null: its end. */
  readonly reading: { readonly session: SessionId; readonly line: number | null } | null;
  /** Whose links are listed. */
  readonly linked: SessionId | null;
}

export const useSearchView = create<SearchView>(() => ({
  text: "",
  answer: null,
  reading: null,
  linked: null,
}));

export function readTranscript(session: SessionId, line: number | null): void {
  useSearchView.setState({ reading: { session, line } });
}

export function closeTranscript(): void {
  useSearchView.setState({ reading: null });
}

/** Lists the links of a pane, or closes the list. */
export function showLinks(linked: SessionId | null): void {
  useSearchView.setState({ linked });
}

export function keepSearch(text: string, answer: SearchAnswer | null): void {
  useSearchView.setState({ text, answer });
}
