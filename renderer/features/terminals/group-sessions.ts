import type { TaskId } from "../../../shared/model/ids.ts";
import { isLive, type Session } from "../../../shared/model/session.ts";

interface SessionGroup {
  readonly title: string;
  readonly sessions: readonly Session[];
}

const groups: readonly (readonly [
  title: string,
  holds: (session: Session, isInReview: boolean) => boolean,
])[] = [
  ["Pinned", ({ pinned, state }) => pinned && isLive(state)],
  ["Ready for review", (_session, isInReview) => isInReview],
  ["Needs input", ({ state }) => state === "needs-input"],
  ["Working", ({ state }) => state === "working"],
  ["Waiting", ({ state }) => isLive(state)],
  ["Failed", ({ state }) => state === "failed"],
  ["Completed", () => true],
];

/** Each session stands in the first group that holds it; `inReview` are the tasks whose work waits for a person's yes. */
export function groupSessions(
  sessions: readonly Session[],
  inReview: ReadonlySet<TaskId>,
): readonly SessionGroup[] {
  let rest = sessions;
  return groups.flatMap(([title, holds]) => {
    const members = rest.filter((session) =>
      holds(session, session.task !== null && inReview.has(session.task)),
    );
    rest = rest.filter((session) => !members.includes(session));
    return members.length === 0 ? [] : [{ title, sessions: members }];
  });
}
