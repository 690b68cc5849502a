import { PanelLeft, SquareTerminal } from "lucide-react";
import type { ReactNode } from "react";
import type { ProjectName, SessionId, TaskId } from "../../../shared/model/ids.ts";
import { isLive } from "../../../shared/model/session.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { formatCount } from "../../ui/format-amount.ts";
import {
  COLUMN_CHOICES,
  dismissPanes,
  moveSession,
  nameSession,
  setColumns,
  toggleSessionList,
  useGridView,
} from "./grid-view-store.ts";
import { MoveDialog } from "./move-dialog.tsx";
import { NameDialog } from "./name-dialog.tsx";
import { autoColumns, planPanes } from "./plan-grid.ts";
import { SessionList } from "./session-list.tsx";
import { TerminalPane } from "./terminal-pane.tsx";

/** Below this a prompt cannot be read; the grid scrolls instead. */
const PANE_MIN_HEIGHT = "146px";

export function TerminalsView({
  project,
  emptyActions,
  onOpenTask,
  onAnswer,
}: {
  readonly project: ProjectName | null;
  /** What a person can do to see the first terminal. */
  readonly emptyActions: ReactNode;
  readonly onOpenTask: (task: TaskId) => void;
  /** To where what a session asks can be answered. */
  readonly onAnswer: (session: SessionId) => void;
}) {
  const sessions = useMirror((mirror) => mirror.sessions);
  const { maximised, columns, isListOpen, dismissed, naming, moving } = useGridView();
  const panes = planPanes(sessions, project, dismissed);
  const big = panes.find((pane) => pane.id === maximised);
  const shown = big ? [big] : panes;
  const columnCount = big ? 1 : columns === "auto" ? autoColumns(shown.length) : columns;
  const named = panes.find((pane) => pane.id === naming);
  const moved = panes.find((pane) => pane.id === moving);
  const ended = panes.filter((pane) => !isLive(pane.state)).map((pane) => pane.id);

  if (panes.length === 0) return <NoTerminals actions={emptyActions} />;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <GridBar
        live={panes.length - ended.length}
        ended={ended}
        hint={big ? "One pane is maximised." : null}
      />
      <div className="flex min-h-0 flex-1 gap-2 px-2 pb-2">
        {(isListOpen || big) && <SessionList panes={panes} />}
        <div
          className="grid min-h-0 flex-1 gap-2 overflow-y-auto"
          style={{
            gridTemplateColumns: `repeat(${columnCount}, minmax(0, 1fr))`,
            gridAutoRows: `minmax(${PANE_MIN_HEIGHT}, 1fr)`,
          }}
        >
          {shown.map((session) => (
            <TerminalPane
              key={session.id}
              session={session}
              onOpenTask={onOpenTask}
              onAnswer={onAnswer}
            />
          ))}
        </div>
      </div>
      {named && <NameDialog key={named.id} session={named} onClose={() => nameSession(null)} />}
      {moved && <MoveDialog key={moved.id} session={moved} onClose={() => moveSession(null)} />}
    </div>
  );
}

function GridBar({
  live,
  ended,
  hint,
}: {
  readonly live: number;
  readonly ended: readonly SessionId[];
  readonly hint: string | null;
}) {
  const columns = useGridView((view) => view.columns);
  const isListOpen = useGridView((view) => view.isListOpen);
  return (
    <div className="flex h-9 shrink-0 items-center gap-3 px-2 text-faint text-xs">
      <IconButton
        label="Session list"
        isSmall
        isPressed={isListOpen}
        aria-expanded={isListOpen}
        onClick={toggleSessionList}
      >
        <PanelLeft size={14} />
      </IconButton>
      <span>{formatCount(live, "live terminal")}</span>
      {hint && <span>{hint}</span>}
      {ended.length > 0 && (
        <Button isSmall kind="ghost" onClick={() => dismissPanes(ended)}>
          Dismiss {formatCount(ended.length, "ended pane")}
        </Button>
      )}
      <fieldset className="ml-auto flex items-center gap-1.5">
        <legend className="sr-only">Columns</legend>
        <span aria-hidden="true">Columns</span>
        <div className="flex overflow-hidden rounded-md border border-line bg-surface">
          {COLUMN_CHOICES.map((choice) => (
            <button
              key={choice}
              type="button"
              aria-pressed={columns === choice}
              aria-label={choice === "auto" ? "Auto columns" : formatCount(choice, "column")}
              onClick={() => setColumns(choice)}
              className={classNames(
                "h-5.5 min-w-6 px-1.5 hover:bg-hover",
                columns === choice && "bg-hover font-semibold text-accent",
              )}
            >
              {choice === "auto" ? "Auto" : choice}
            </button>
          ))}
        </div>
      </fieldset>
    </div>
  );
}

function NoTerminals({ actions }: { readonly actions: ReactNode }) {
  return (
    <EmptyState icon={<SquareTerminal size={22} />} title="No terminal is live" actions={actions}>
      <p>
        Each worker has its own terminal here. One opens as soon as a ready task gets a free slot on
        a signed-in profile.
      </p>
    </EmptyState>
  );
}
