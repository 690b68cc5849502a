import { useEffect, useRef } from "react";
import { isLive, type Session } from "../../../shared/model/session.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { useProfileHue } from "../../mirror/profile-hue.ts";
import { sessionLook } from "../../mirror/state-look.ts";
import { classNames } from "../../ui/class-names.ts";
import { NameChip } from "../../ui/name-chip.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { focusPane } from "./grid-view-store.ts";
import { peeks } from "./peek-rotation.ts";

/** Who has no pane: a miniature each, with the state, the task and the last lines; a press brings it into the grid. */
export function PaneStrip({ sessions }: { readonly sessions: readonly Session[] }) {
  return (
    <ul
      aria-label="Other terminals"
      className="flex h-27 shrink-0 gap-2 overflow-x-auto overflow-y-hidden px-2 pb-2"
    >
      {sessions.map((session) => (
        <li key={session.id} className="w-46 shrink-0">
          <Miniature session={session} />
        </li>
      ))}
    </ul>
  );
}

function Miniature({ session }: { readonly session: Session }) {
  const { id, state, pid, name, profile } = session;
  const title = useMirror(
    (mirror) => mirror.tasks.find((task) => task.id === session.task)?.title ?? name,
  );
  const hue = useProfileHue(profile);
  const lines = useRef<HTMLSpanElement>(null);
  const isRunning = isLive(state) && pid !== null;
  useEffect(() => {
    const element = lines.current;
    if (!element || !isRunning) return;
    let leave: (() => void) | null = null;
    // Only what is in view of the strip is kept true.
    const observer = new IntersectionObserver((entries) => {
      const isInView = entries.at(-1)?.isIntersecting ?? false;
      if (isInView && !leave) leave = peeks.join(id, element);
      else if (!isInView) {
        leave?.();
        leave = null;
      }
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      leave?.();
    };
  }, [id, isRunning]);
  const isInNeed = state === "needs-input" || state === "limited";
  return (
    <button
      type="button"
      title={title}
      onClick={() => focusPane(id)}
      className={classNames(
        "flex h-full w-full flex-col overflow-hidden rounded-md border bg-surface text-left -outline-offset-2 hover:border-line-strong",
        isInNeed ? "border-warn/70" : state === "failed" ? "border-bad/60" : "border-line",
      )}
    >
      <span className="flex w-full items-center gap-2 px-2 pt-1">
        <span className="sr-only">Show terminal {name}: </span>
        <StateMark look={sessionLook[state]} />
        <NameChip name={profile} hue={hue} className="ml-auto min-w-0" />
      </span>
      <span className="w-full truncate px-2 font-medium text-xs">{title}</span>
      <span
        ref={lines}
        aria-hidden="true"
        className="mt-1 block min-h-0 w-full flex-1 overflow-hidden whitespace-pre bg-terminal px-2 pt-0.5 font-mono text-[7.5px] text-faint leading-[9px]"
      />
    </button>
  );
}
