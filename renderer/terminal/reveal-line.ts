import type { SessionId } from "../../shared/model/ids.ts";
import { findRow, type Rows } from "./find-row.ts";
import type { Screen } from "./open-screen.ts";

/** A pane that was just opened gets its screen in this time, or has lost the line. */
const PATIENCE_MS = 3_000;
/** How much of what stands before a line is shown with it. */
const LEAD = 1 / 3;

const opened = new Map<SessionId, Screen>();
let wanted: { readonly session: SessionId; run(screen: Screen): void } | null = null;

/** Tells that a session's screen can be used now, until what is returned is called. */
export function offerScreen(session: SessionId, screen: Screen): () => void {
  opened.set(session, screen);
  if (wanted?.session === session) wanted.run(screen);
  return () => {
    if (opened.get(session) === screen) opened.delete(session);
  };
}

export function screenOf(session: SessionId): Screen | null {
  return opened.get(session) ?? null;
}

/**
 * Scrolls a session's pane to the lowest line that holds `text`, and marks it. The pane may still be opening: it is looked for again
 * with everything that comes, for a while. Answers whether it was found.
 */
export function revealLine(session: SessionId, text: string): Promise<boolean> {
  return new Promise((resolve) => {
    let listening: { dispose(): void } | null = null;
    const end = (isFound: boolean) => {
      clearTimeout(timer);
      listening?.dispose();
      if (wanted === mine) wanted = null;
      resolve(isFound);
    };
    const timer = setTimeout(() => end(false), PATIENCE_MS);
    const mine = {
      session,
      run(screen: Screen) {
        if (show(screen, text)) end(true);
        else {
          listening?.dispose();
          listening = screen.terminal.onWriteParsed(() => {
            if (show(screen, text)) end(true);
          });
        }
      },
    };
    wanted = mine;
    const screen = opened.get(session);
    if (screen) mine.run(screen);
  });
}

function show({ terminal }: Screen, text: string): boolean {
  const found = findRow(rowsOf(terminal), text);
  if (!found) return false;
  terminal.scrollToLine(Math.max(0, found.first - Math.floor(terminal.rows * LEAD)));
  terminal.selectLines(found.first, found.last);
  return true;
}

/** All rows that a terminal keeps, the scrollback first. */
export function rowsOf(terminal: Screen["terminal"]): Rows {
  const buffer = terminal.buffer.active;
  return {
    length: buffer.length,
    read(row) {
      const line = buffer.getLine(row);
      return { text: line?.translateToString(true) ?? "", isWrapped: line?.isWrapped ?? false };
    },
  };
}
