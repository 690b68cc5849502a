import { useMemo } from "react";
import type { ProjectName, TaskId } from "../../../shared/model/ids.ts";
import type { QueueEntry } from "../../../shared/model/queue-entry.ts";
import { isLive, type Session } from "../../../shared/model/session.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { useGridView } from "./grid-view-store.ts";
import { type GroupSight, groupOf, groupSessions } from "./group-sessions.ts";
import { layoutOf, useLayouts } from "./layout-store.ts";
import { type GridPlan, planGrid } from "./plan-grid.ts";
import { planPanes, seatOf } from "./plan-panes.ts";
import { PLACE } from "./plan-tree.ts";

export interface Grid {
  /** All that have a pane here, in the order in which they are seated. */
  readonly panes: readonly Session[];
  /** How many the layout leaves out, because they are done or of another group. */
  readonly hidden: number;
  readonly plan: GridPlan;
  /** By seat. */
  readonly sessions: readonly (Session | null)[];
  readonly isMaximised: boolean;
}

/** What the layout of the tab makes of the sessions there are. */
export function useGrid(project: ProjectName | null): Grid {
  const sessions = useMirror((mirror) => mirror.sessions);
  const sight = useGroupSight();
  const layout = useLayouts(layoutOf);
  const dismissed = useGridView((view) => view.dismissed);
  const focused = useGridView((view) => view.focused);
  const maximised = useGridView((view) => view.maximised);
  return useMemo(() => {
    const isOfAll = layout.grouping === "project" || layout.only?.by === "project";
    const all = planPanes(sessions, isOfAll ? "any" : project, dismissed);
    const panes = all.filter((session) => {
      if (layout.isDoneHidden && !isLive(session.state)) return false;
      const { only } = layout;
      return only === null || groupOf(only.by, session, sight).key === only.key;
    });
    const hidden = all.length - panes.length;
    const big = panes.find(({ id }) => id === maximised);
    const bySeat = new Map(panes.map((session) => [seatOf(session), session]));
    const focusedPane = panes.find(({ id }) => id === focused);
    const plan = big
      ? { tree: PLACE, sections: null, places: 1, seats: [seatOf(big)] }
      : planGrid(
          layout,
          groupSessions(layout.grouping, panes, sight).flatMap(
            ({ key, title, sessions: members }) =>
              members.map((session) => ({ key: seatOf(session), group: { key, title } })),
          ),
          focusedPane ? seatOf(focusedPane) : null,
        );
    const seated = plan.seats.map((key) => (key === null ? null : (bySeat.get(key) ?? null)));
    return { panes, hidden, plan, sessions: seated, isMaximised: big !== undefined };
  }, [sessions, sight, layout, dismissed, focused, maximised, project]);
}

export function useGroupSight(): GroupSight {
  const entries = useMirror((mirror) => mirror.entries);
  const tasks = useMirror((mirror) => mirror.tasks);
  const plans = useMirror((mirror) => mirror.plans);
  return useMemo(() => {
    const planOfTask = new Map(tasks.map(({ id, plan }) => [id, plan]));
    const titles = new Map(plans.map(({ id, title }) => [id, title]));
    return {
      inReview: tasksInReview(entries),
      planOf: (task) => {
        const id = planOfTask.get(task);
        return id ? { id, title: titles.get(id) ?? id } : null;
      },
    };
  }, [entries, tasks, plans]);
}

function tasksInReview(entries: readonly QueueEntry[]): ReadonlySet<TaskId> {
  return new Set(
    entries.filter((entry) => entry.state === "awaiting-approval").map((entry) => entry.task),
  );
}
