import {
  ArrowRightLeft,
  Hand,
  Maximize2,
  MessageSquare,
  Minimize2,
  OctagonX,
  Pin,
  RotateCw,
  Search,
  X,
} from "lucide-react";
import type { ReactNode } from "react";
import { isLive, type Session } from "../../../shared/model/session.ts";
import { isMovable } from "../../../shared/model/word-move.ts";
import { call } from "../../client/connection.ts";
import { IconButton, useSecondPress } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { useAction } from "../../ui/use-action.ts";
import {
  dismissPanes,
  moveSession,
  replyTo,
  searchPane,
  toggleMaximised,
  useGridView,
} from "./grid-view-store.ts";

/** In a narrow pane the buttons lie over the numbers and show only when the pane is used. */
const OVERLAY =
  "@max-[46rem]:absolute @max-[46rem]:inset-y-0 @max-[46rem]:right-0 @max-[46rem]:pl-2 @max-[46rem]:pr-1.5 @max-[46rem]:bg-surface " +
  "@max-[46rem]:opacity-0 @max-[46rem]:pointer-events-none " +
  "@max-[46rem]:group-hover:opacity-100 @max-[46rem]:group-hover:pointer-events-auto " +
  "@max-[46rem]:focus-within:opacity-100 @max-[46rem]:focus-within:pointer-events-auto";

export function PaneActions({ session }: { readonly session: Session }) {
  const isMaximised = useGridView((view) => view.maximised === session.id);
  const { run, isBusy } = useAction();
  const id = session.id;
  const live = isLive(session.state);
  const stop = useSecondPress(() => run(() => call("session.stop", { session: id })));
  const button = (label: string, icon: ReactNode, onClick: () => void, isPressed?: boolean) => (
    <IconButton
      label={label}
      isSmall
      disabled={isBusy}
      onClick={onClick}
      {...(isPressed === undefined ? {} : { isPressed })}
    >
      {icon}
    </IconButton>
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only keeps a double press on a button from maximising the pane.
    <div
      onDoubleClick={(event) => event.stopPropagation()}
      className={classNames("flex items-center", OVERLAY)}
    >
      {button("Search in this terminal", <Search size={13} />, () => searchPane(id))}
      {(live || session.task !== null) &&
        button("Reply", <MessageSquare size={13} />, () => replyTo(id))}
      {isMovable(session) &&
        button("Move the conversation", <ArrowRightLeft size={13} />, () => moveSession(id))}
      {live &&
        button("Interrupt", <Hand size={13} />, () =>
          run(() => call("session.interrupt", { session: id })),
        )}
      {live && (
        <IconButton
          label={stop.isArmed ? "Press again to stop" : "Stop"}
          isSmall
          disabled={isBusy}
          onClick={stop.press}
          className={stop.isArmed ? "bg-bad/15 text-bad" : ""}
        >
          <OctagonX size={13} />
        </IconButton>
      )}
      {!live &&
        button("Continue the conversation", <RotateCw size={13} />, () =>
          run(() => call("session.respawn", { session: id })),
        )}
      {live &&
        button(
          session.pinned ? "Unpin" : "Pin to the front",
          <Pin size={13} />,
          () => run(() => call("session.pin", { session: id, isPinned: !session.pinned })),
          session.pinned,
        )}
      {button(
        isMaximised ? "Back to the grid" : "Maximise",
        isMaximised ? <Minimize2 size={13} /> : <Maximize2 size={13} />,
        () => toggleMaximised(id),
      )}
      {!live && button("Dismiss", <X size={13} />, () => dismissPanes([id]))}
    </div>
  );
}
