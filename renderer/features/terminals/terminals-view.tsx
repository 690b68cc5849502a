import { SquareTerminal } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import type { ProjectName, SessionId, TaskId } from "../../../shared/model/ids.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { BroadcastBar } from "./broadcast-bar.tsx";
import { useBroadcast } from "./broadcast-store.ts";
import { GridSurface } from "./grid-surface.tsx";
import { moveSession, nameSession, useGridView } from "./grid-view-store.ts";
import { LayoutBar } from "./layout-bar.tsx";
import { changeLayouts } from "./layout-store.ts";
import { LayoutsDialog } from "./layouts-dialog.tsx";
import { MoveDialog } from "./move-dialog.tsx";
import { NameDialog } from "./name-dialog.tsx";
import { PaneStrip } from "./pane-strip.tsx";
import { SessionList } from "./session-list.tsx";
import { TerminalPane } from "./terminal-pane.tsx";
import { useFollowing } from "./use-following.ts";
import { type Grid, useGrid } from "./use-grid.ts";

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
  const grid = useGrid(project);
  const { panes, plan, sessions, isMaximised } = grid;
  const isListOpen = useGridView((view) => view.isListOpen);
  const areLayoutsOpen = useGridView((view) => view.areLayoutsOpen);
  const isBroadcasting = useBroadcast((view) => view.isOpen);
  const waiting = sessions.slice(plan.places).filter((session) => session !== null);
  useFollowing(panes);
  useFocusInGrid(grid);

  if (panes.length === 0 && grid.hidden === 0) return <NoTerminals actions={emptyActions} />;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <LayoutBar grid={grid} />
      <div className="flex min-h-0 flex-1 gap-2 px-2 pb-2">
        {(isListOpen || isMaximised) && <SessionList panes={panes} />}
        {panes.length === 0 ? (
          <NothingHere hidden={grid.hidden} />
        ) : (
          <GridSurface grid={grid}>
            {(session) => (
              <TerminalPane session={session} onOpenTask={onOpenTask} onAnswer={onAnswer} />
            )}
          </GridSurface>
        )}
      </div>
      {isBroadcasting && <BroadcastBar panes={panes} />}
      {!isMaximised && waiting.length > 0 && <PaneStrip sessions={waiting} />}
      {areLayoutsOpen && <LayoutsDialog />}
      <PaneDialogs grid={grid} />
    </div>
  );
}

function PaneDialogs({ grid: { panes } }: { readonly grid: Grid }) {
  const naming = useGridView((view) => view.naming);
  const moving = useGridView((view) => view.moving);
  const named = panes.find((pane) => pane.id === naming);
  const moved = panes.find((pane) => pane.id === moving);
  return (
    <>
      {named && <NameDialog key={named.id} session={named} onClose={() => nameSession(null)} />}
      {moved && <MoveDialog key={moved.id} session={moved} onClose={() => moveSession(null)} />}
    </>
  );
}

/** Who gets the focus and waits in the strip takes the last place of the grid. */
function useFocusInGrid({ plan, sessions, isMaximised }: Grid): void {
  const focused = useGridView((view) => view.focused);
  useEffect(() => {
    const seat = sessions.findIndex((session) => session?.id === focused);
    if (isMaximised || seat < plan.places || plan.places === 0) return;
    changeLayouts({ kind: "swapped", seats: plan.seats, one: plan.places - 1, other: seat });
  }, [plan, sessions, isMaximised, focused]);
}

function NothingHere({ hidden }: { readonly hidden: number }) {
  return (
    <EmptyState
      icon={<SquareTerminal size={22} />}
      title="This layout hides all of them"
      actions={
        <Button
          onClick={() => {
            changeLayouts({ kind: "narrowed", only: null });
            changeLayouts({ kind: "done-hidden", isHidden: false });
          }}
        >
          Show {hidden === 1 ? "it" : `all ${hidden}`}
        </Button>
      }
    >
      <p>It shows one group, or only what is not done yet.</p>
    </EmptyState>
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
