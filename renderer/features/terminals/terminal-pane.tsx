import { memo, useCallback, useState } from "react";
import type { SessionId, TaskId } from "../../../shared/model/ids.ts";
import type { Session } from "../../../shared/model/session.ts";
import { useMirror } from "../../mirror/mirror.ts";
import type { Screen } from "../../terminal/open-screen.ts";
import { TerminalScreen } from "../../terminal/terminal-screen.tsx";
import { classNames } from "../../ui/class-names.ts";
import { useBroadcast } from "./broadcast-store.ts";
import { focusPane, replyTo, searchPane, toggleMaximised, useGridView } from "./grid-view-store.ts";
import { PaneHeader } from "./pane-header.tsx";
import { ConcernLine } from "./pane-marks.tsx";
import { PaneSearch } from "./pane-search.tsx";
import { ReplyBox } from "./reply-box.tsx";

/** Drawn again only when its session is another: a drag of its neighbour is none of its business. */
export const TerminalPane = memo(function TerminalPane({
  session,
  onOpenTask,
  onAnswer,
}: {
  readonly session: Session;
  readonly onOpenTask: (task: TaskId) => void;
  readonly onAnswer: (session: SessionId) => void;
}) {
  const isFocused = useGridView((view) => view.focused === session.id);
  const isSearching = useGridView((view) => view.searching === session.id);
  const isReplying = useGridView((view) => view.replying === session.id);
  const isAsking = useMirror((mirror) => mirror.asks.some((ask) => ask.session === session.id));
  const isReceiver = useBroadcast((view) => view.receivers.includes(session.id));
  const [screen, setScreen] = useState<Screen | null>(null);
  const keepScreen = useCallback((opened: Screen | null) => setScreen(opened), []);
  const isInNeed = session.state === "needs-input" || session.state === "limited";

  return (
    <section
      aria-label={`Terminal ${session.name}`}
      data-focused={isFocused}
      data-session={session.id}
      onFocus={() => focusPane(session.id)}
      className={classNames(
        "group @container relative flex min-h-0 min-w-0 flex-col overflow-hidden rounded-lg border bg-surface",
        isReceiver
          ? "border-warn ring-3 ring-warn"
          : isFocused
            ? "border-accent ring-1 ring-accent"
            : "border-line",
        !isFocused && isInNeed && "border-warn/70",
        !isFocused && session.state === "failed" && "border-bad/60",
      )}
    >
      <PaneHeader
        session={session}
        onOpenTask={onOpenTask}
        onDoubleClick={() => toggleMaximised(session.id)}
      />
      {isSearching && screen && (
        <PaneSearch
          screen={screen}
          onClose={() => {
            searchPane(null);
            screen.terminal.focus();
          }}
        />
      )}
      <TerminalScreen session={session} isFocused={isFocused} onScreen={keepScreen} />
      {session.reason && (isInNeed || session.state === "failed") && (
        <div
          className={classNames(
            "flex items-center gap-2 border-line border-t px-2.5 py-1 text-xs",
            session.state === "failed" ? "bg-bad/10 text-bad" : "bg-warn/10 text-warn",
          )}
        >
          <p title={session.reason} className="min-w-0 flex-1 truncate">
            {session.reason}
          </p>
          {isAsking && (
            <button
              type="button"
              title="Answer it in the inbox"
              onClick={() => onAnswer(session.id)}
              className="shrink-0 rounded font-semibold underline underline-offset-2"
            >
              Answer
            </button>
          )}
        </div>
      )}
      <ConcernLine concern={session.concern} />
      {isReplying && <ReplyBox session={session} onClose={() => replyTo(null)} />}
    </section>
  );
});
