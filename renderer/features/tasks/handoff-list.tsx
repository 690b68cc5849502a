import { useEffect, useState } from "react";
import type { Handoff } from "../../../shared/model/handoff.ts";
import type { Task } from "../../../shared/model/task.ts";
import { call } from "../../client/connection.ts";
import { Age } from "../../ui/age.tsx";
import { PanelSection } from "../../ui/side-panel.tsx";
import { toastError } from "../../ui/toasts.tsx";

/** The notes with which the task went from session to session, the newest first. */
export function HandoffList({ task: { id, handoffs: count } }: { readonly task: Task }) {
  const [handoffs, setHandoffs] = useState<readonly Handoff[]>([]);
  useEffect(() => {
    if (count > 0) call("task.handoffs", { task: id }).then(setHandoffs, toastError);
  }, [id, count]);
  if (count === 0) return null;
  const newestFirst = [...handoffs].sort((a, b) => b.number - a.number);
  return (
    <PanelSection title="Handoffs">
      <ol aria-label="Handoffs" className="flex flex-col gap-1.5">
        {newestFirst.map((handoff, place) => (
          <li key={handoff.number}>
            <HandoffNote handoff={handoff} isOpen={place === 0} />
          </li>
        ))}
      </ol>
    </PanelSection>
  );
}

function HandoffNote({
  handoff: { number, session, by, note, at },
  isOpen,
}: {
  readonly handoff: Handoff;
  readonly isOpen: boolean;
}) {
  return (
    <details open={isOpen} className="rounded-md border border-line bg-sunken">
      <summary className="flex items-center gap-2.5 px-2.5 py-1.5 text-xs hover:bg-hover">
        <b className="font-semibold">Handoff {number}</b>
        <span className="text-muted">
          {by === "worker" ? `written by ${session}` : `seen by the supervisor in ${session}`}
        </span>
        <Age since={at} className="ml-auto text-faint tabular-nums" />
      </summary>
      <div className="flex flex-col gap-2 border-line border-t px-3 py-2">
        <Part title="Done" text={note.done} />
        <Part title="Remaining" text={note.remaining} />
        <Part title="Decisions" text={note.decisions} />
        <Part title="Files" text={note.files.join("\n")} isMono />
        <Part title="How to check" text={note.check} isMono />
      </div>
    </details>
  );
}

function Part({
  title,
  text,
  isMono = false,
}: {
  readonly title: string;
  readonly text: string | null;
  readonly isMono?: boolean;
}) {
  if (!text) return null;
  return (
    <div>
      <h4 className="font-semibold text-faint text-xs">{title}</h4>
      <p className={`whitespace-pre-wrap break-words ${isMono ? "font-mono text-xs" : ""}`}>
        {text}
      </p>
    </div>
  );
}
