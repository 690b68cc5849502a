import { isLive, type Session } from "../../../shared/model/session.ts";

interface SessionGroup {
  readonly title: string;
  readonly sessions: readonly Session[];
}

const groups: readonly (readonly [title: string, holds: (session: Session) => boolean])[] = [
  ["Needs input", ({ state }) => state === "needs-input"],
  ["Pinned", ({ pinned, state }) => pinned && isLive(state)],
  ["Working", ({ state }) => state === "working" || state === "starting"],
  ["Waiting", ({ state }) => isLive(state)],
  ["Failed", ({ state }) => state === "failed"],
  ["Completed", () => true],
];

/** Each session stands in the first group that holds it; what needs a person comes first. */
export function groupSessions(sessions: readonly Session[]): readonly SessionGroup[] {
  let rest = sessions;
  return groups.flatMap(([title, holds]) => {
    const members = rest.filter(holds);
    rest = rest.filter((session) => !members.includes(session));
    return members.length === 0 ? [] : [{ title, sessions: members }];
  });
}
