import type { PlanId, TaskId } from "../../../shared/model/ids.ts";
import type { Grouping } from "../../../shared/model/layouts.ts";
import { isLive, type Session } from "../../../shared/model/session.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";

export interface SessionGroup {
  readonly key: string;
  readonly title: string;
  readonly sessions: readonly Session[];
}

/** What a group is told by, beside the session itself. */
export interface GroupSight {
  /** Tasks whose work waits for a person's yes. */
  readonly inReview: ReadonlySet<TaskId>;
  readonly planOf: (task: TaskId) => { readonly id: PlanId; readonly title: string } | null;
}

const stateGroups: readonly (readonly [
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

/** Each session stands in one group. By state these have their order, and a session is in the first that holds it; else they stand as they are met. */
export function groupSessions(
  grouping: Grouping,
  sessions: readonly Session[],
  sight: GroupSight,
): readonly SessionGroup[] {
  const grouped = Map.groupBy(sessions, (session) => groupOf(grouping, session, sight).key);
  const groups = [...grouped].map(([key, members]) => {
    const [first] = members;
    return { key, title: first ? groupOf(grouping, first, sight).title : key, sessions: members };
  });
  if (grouping !== "state") return groups;
  const order = stateGroups.map(([title]) => title);
  return groups.toSorted((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
}

export function groupOf(
  grouping: Grouping,
  session: Session,
  sight: GroupSight,
): { readonly key: string; readonly title: string } {
  switch (grouping) {
    case "none":
      return { key: "", title: "" };
    case "project":
      return named(session.project ?? "", "No project");
    case "profile":
      return named(session.profile, "");
    case "plan": {
      const plan = session.task === null ? null : sight.planOf(session.task);
      return plan ? { key: plan.id, title: plan.title } : { key: "", title: "No plan" };
    }
    case "state": {
      const isInReview = session.task !== null && sight.inReview.has(session.task);
      const found = stateGroups.find(([, holds]) => holds(session, isInReview));
      return named(found?.[0] ?? "Completed", "");
    }
    default:
      return unreachable(grouping);
  }
}

function named(key: string, otherwise: string) {
  return { key, title: key || otherwise };
}
