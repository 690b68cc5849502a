import { create } from "zustand";
import type { SessionId } from "../../../shared/model/ids.ts";

interface GridView {
  readonly focused: SessionId | null;
  readonly maximised: SessionId | null;
  readonly isListOpen: boolean;
  readonly dismissed: readonly SessionId[];
  readonly searching: SessionId | null;
  readonly replying: SessionId | null;
  readonly naming: SessionId | null;
  readonly moving: SessionId | null;
  readonly areLayoutsOpen: boolean;
}

/** What this window shows of the terminals. */
export const useGridView = create<GridView>(() => ({
  focused: null,
  maximised: null,
  isListOpen: false,
  dismissed: [],
  searching: null,
  replying: null,
  naming: null,
  moving: null,
  areLayoutsOpen: false,
}));

const { setState, getState } = useGridView;

export function focusPane(session: SessionId): void {
  const { focused, maximised } = getState();
  if (focused === session && (maximised === null || maximised === session)) return;
  setState({ focused: session, maximised: maximised === null ? null : session });
}

export function toggleMaximised(session: SessionId): void {
  const isMaximised = getState().maximised === session;
  setState({ focused: session, maximised: isMaximised ? null : session });
}

export function leaveMaximised(): void {
  setState({ maximised: null });
}

export function toggleSessionList(): void {
  setState(({ isListOpen }) => ({ isListOpen: !isListOpen }));
}

export function dismissPanes(sessions: readonly SessionId[]): void {
  setState(({ dismissed, maximised }) => ({
    dismissed: [...dismissed, ...sessions],
    maximised: maximised !== null && sessions.includes(maximised) ? null : maximised,
  }));
}

export function searchPane(session: SessionId | null): void {
  setState({ searching: session });
}

/** Opens the dialog for a session's name and labels, or closes it. */
export function nameSession(session: SessionId | null): void {
  setState({ naming: session });
}

export function moveSession(session: SessionId | null): void {
  setState({ moving: session });
}

export function replyTo(session: SessionId | null): void {
  setState({ replying: session });
}

export function openLayouts(areLayoutsOpen: boolean): void {
  setState({ areLayoutsOpen });
}
