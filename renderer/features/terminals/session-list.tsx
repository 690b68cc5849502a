import { Filter } from "lucide-react";
import { isLive, type Session } from "../../../shared/model/session.ts";
import { AsksNothingMark } from "../../mirror/asks-nothing-mark.tsx";
import { useMirror } from "../../mirror/mirror.ts";
import { sessionLook } from "../../mirror/state-look.ts";
import { Age } from "../../ui/age.tsx";
import { IconButton } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { StateMark } from "../../ui/state-mark.tsx";
import { focusPane, useGridView } from "./grid-view-store.ts";
import { groupSessions } from "./group-sessions.ts";
import { changeLayouts, layoutOf, useLayouts } from "./layout-store.ts";
import { LabelChips } from "./pane-marks.tsx";
import { useGroupSight } from "./use-grid.ts";

/** The panes by their groups, or by the state they are in; one press goes to a pane, and a group can be had in a tab of its own. */
export function SessionList({ panes }: { readonly panes: readonly Session[] }) {
  const layout = useLayouts(layoutOf);
  const sight = useGroupSight();
  const grouping = layout.grouping === "none" ? "state" : layout.grouping;
  const narrow = (key: string, title: string) =>
    changeLayouts({
      kind: "tab-added",
      name: title,
      layout: { ...layout, grouping: "none", seats: [], only: { by: grouping, key } },
    });
  return (
    <nav
      aria-label="Sessions"
      className="w-58 shrink-0 overflow-y-auto rounded-lg border border-line bg-surface py-1"
    >
      {groupSessions(grouping, panes, sight).map(({ key, title, sessions }) => (
        <div key={key} className="group px-1 pt-2 pb-1">
          <div className="flex items-center justify-between px-2 pb-1">
            <h3 className="min-w-0 truncate font-semibold text-faint text-xs">
              {title} <span className="font-normal">{sessions.length}</span>
            </h3>
            <IconButton
              label={`A tab of ${title}`}
              isSmall
              className="-my-1 opacity-0 focus-visible:opacity-100 group-hover:opacity-100"
              onClick={() => narrow(key, title)}
            >
              <Filter size={12} />
            </IconButton>
          </div>
          {sessions.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </div>
      ))}
    </nav>
  );
}

function SessionRow({ session }: { readonly session: Session }) {
  const focused = useGridView((view) => view.focused);
  const tasks = useMirror((mirror) => mirror.tasks);
  return (
    <button
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
  );
}
