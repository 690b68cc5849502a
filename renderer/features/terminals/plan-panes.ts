import type { ProjectName, SessionId } from "../../../shared/model/ids.ts";
import { isLive, type Session } from "../../../shared/model/session.ts";

/** Ended panes stay to be read, but must not push the living ones out of view. */
const ENDED_SHOWN_MAX = 4;

/**
 * The sessions that have a pane: pinned ones first, living ones in the order they started, then those that ended last.
 * `project`: "any" for those of all projects.
 */
export function planPanes(
  sessions: readonly Session[],
  project: ProjectName | "any" | null,
  dismissed: readonly SessionId[],
): readonly Session[] {
  const mine = sessions.filter(
    (session) =>
      session.kind === "worker" &&
      (project === "any" || session.project === null || session.project === project),
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

/** The same for all sessions of a task, one after the other, so that its pane stays where it is. */
export function seatOf({ id, task }: Pick<Session, "id" | "task">): string {
  return task ?? id;
}

function continues(newer: Session, older: Session): boolean {
  return newer.task !== null && newer.task === older.task && newer.startedAt > older.startedAt;
}
