import type { ProjectName, SessionId } from "../../../shared/model/ids.ts";
import { isLive, type Session } from "../../../shared/model/session.ts";

/** Ended panes stay to be read, but must not push the living ones out of view. */
const ENDED_SHOWN_MAX = 4;

/** The sessions that have a pane: pinned ones first, living ones in the order they started, then those that ended last. */
export function planPanes(
  sessions: readonly Session[],
  project: ProjectName | null,
  dismissed: readonly SessionId[],
): readonly Session[] {
  const mine = sessions.filter(
    (session) =>
      session.kind === "worker" && (session.project === null || session.project === project),
  );
  const live = mine.filter((session) => isLive(session.state));
  const ended = mine
    .filter((session) => !isLive(session.state) && !dismissed.includes(session.id))
    // A task that goes on in a newer session has its pane there.
    .filter((session) => !mine.some((other) => continues(other, session)))
    .sort((a, b) => (b.endedAt ?? "").localeCompare(a.endedAt ?? ""))
    .slice(0, ENDED_SHOWN_MAX);
  return [
    ...live.filter((session) => session.pinned),
    ...live.filter((session) => !session.pinned),
    ...ended,
  ];
}

function continues(newer: Session, older: Session): boolean {
  return newer.task !== null && newer.task === older.task && newer.startedAt > older.startedAt;
}

/** Columns of a grid that keeps panes wide enough to read: 1, 2, 4, 6, 9, 16 and 25 panes fill it without a gap. */
export function autoColumns(panes: number): number {
  if (panes <= 2) return Math.max(1, panes);
  if (panes <= 4) return 2;
  if (panes <= 9) return 3;
  return panes <= 16 ? 4 : 5;
}
