import { useMemo } from "react";
import type { TaskId } from "../../../shared/model/ids.ts";
import type { QueueEntry } from "../../../shared/model/queue-entry.ts";
import { isLive, type Session } from "../../../shared/model/session.ts";
import { AsksNothingMark } from "../../mirror/asks-nothing-mark.tsx";
import { useMirror } from "../../mirror/mirror.ts";
import { sessionLook } from "../../mirror/state-look.ts";
import { Age } from "../../ui/age.tsx";
import { classNames } from "../../ui/class-names.ts";
import { StateMark } from "../../ui/state-mark.tsx";
import { focusPane, useGridView } from "./grid-view-store.ts";
import { groupSessions } from "./group-sessions.ts";
import { LabelChips } from "./pane-marks.tsx";

/** All panes of the grid by the state they are in; one press goes to a pane. */
export function SessionList({ panes }: { readonly panes: readonly Session[] }) {
  const focused = useGridView((view) => view.focused);
  const tasks = useMirror((mirror) => mirror.tasks);
  const entries = useMirror((mirror) => mirror.entries);
  const inReview = useMemo(() => tasksInReview(entries), [entries]);
  return (
    <nav
      aria-label="Sessions"
      className="w-58 shrink-0 overflow-y-auto rounded-lg border border-line bg-surface py-1"
    >
      {groupSessions(panes, inReview).map((group) => (
        <div key={group.title} className="px-1 pt-2 pb-1">
          <h3 className="px-2 pb-1 font-semibold text-faint text-xs">
            {group.title} <span className="font-normal">{group.sessions.length}</span>
          </h3>
          {group.sessions.map((session) => (
            <button
              key={session.id}
              type="button"
              aria-current={focused === session.id}
              onClick={() => focusPane(session.id)}
              className={classNames(
                "flex w-full flex-col gap-0.5 rounded-md px-2 py-1.5 text-left hover:bg-hover",
                focused === session.id && "bg-hover",
                !isLive(session.state) && "opacity-75",
              )}
            >
              <span className="w-full truncate font-medium">
                {tasks.find((task) => task.id === session.task)?.title ?? session.name}
              </span>
              <span className="flex w-full items-center justify-between gap-2 text-faint text-xs">
                <StateMark look={sessionLook[session.state]} />
                <AsksNothingMark mode={session.permissionMode} />
                <span className="flex min-w-0 flex-1 gap-1 overflow-hidden">
                  <LabelChips labels={session.labels} />
                </span>
                <Age since={session.since} className="tabular-nums" />
              </span>
            </button>
          ))}
        </div>
      ))}
    </nav>
  );
}

function tasksInReview(entries: readonly QueueEntry[]): ReadonlySet<TaskId> {
  return new Set(
    entries.filter((entry) => entry.state === "awaiting-approval").map((entry) => entry.task),
  );
}
