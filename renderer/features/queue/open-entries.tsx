import { useMemo, useRef } from "react";
import type { EntryId, TaskId } from "../../../shared/model/ids.ts";
import { whyNotMove } from "../../../shared/model/plan-move.ts";
import type { QueueEntry } from "../../../shared/model/queue-entry.ts";
import { call } from "../../client/connection.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { classNames } from "../../ui/class-names.ts";
import { act } from "../../ui/use-action.ts";
import { actsFor } from "./entry-acts.ts";
import { EntryRow } from "./entry-row.tsx";
import { useRowDrag } from "./use-row-drag.ts";

/** What waits to land, in its order, which dragging changes. */
export function OpenEntries({
  open,
  shownCount,
  selected,
  current,
  onSelect,
}: {
  readonly open: readonly QueueEntry[];
  /** So many of them, from the first on, are drawn yet. */
  readonly shownCount: number;
  readonly selected: EntryId | null;
  readonly current: EntryId | null;
  readonly onSelect: (id: EntryId) => void;
}) {
  const list = useRef<HTMLUListElement>(null);
  const tasks = useMirror((mirror) => mirror.tasks);
  const whyNot = useMemo(() => {
    const after = new Map(tasks.map((task) => [task.id, task.after]));
    const afterOf = (task: TaskId) => after.get(task) ?? [];
    return (id: EntryId, position: number) => whyNotMove(open, afterOf, id, position);
  }, [open, tasks]);
  const { drag, listProps } = useRowDrag({
    list,
    canDrag: (id) => {
      const entry = open.find((each) => each.id === id);
      return entry !== undefined && isMovable(entry) && open.length > 1;
    },
    onDrop: (id, position) => {
      const entry = open.find((each) => each.id === id);
      // Where it may not stand the core says why once more, to who has let go already.
      if (entry && entry.position !== position) moveEntry(entry, position);
    },
  });
  const refusal = drag ? whyNot(drag.id, drag.position) : null;
  return (
    <ul
      ref={list}
      aria-label="Merge queue"
      className={classNames(
        "relative",
        drag && "select-none",
        drag && (refusal ? "cursor-no-drop" : "cursor-grabbing"),
      )}
      {...listProps}
    >
      {open.slice(0, shownCount).map((entry) => (
        <EntryRow
          key={entry.id}
          entry={entry}
          isSelected={entry.id === selected}
          isCarried={entry.id === drag?.id}
          isCurrent={entry.id === current}
          onSelect={onSelect}
        />
      ))}
      {drag && (
        <li
          aria-hidden
          className={classNames(
            "pointer-events-none absolute inset-x-0 z-10 h-0.5 -translate-y-1/2",
            refusal ? "bg-bad" : "bg-accent",
          )}
          style={{ top: drag.markPx }}
        >
          <span
            className={classNames(
              "absolute right-3 -translate-y-1/2 rounded-md border bg-raised px-2 py-0.5 text-xs shadow-raised",
              refusal ? "border-bad text-bad" : "border-accent text-accent",
            )}
          >
            {refusal ?? `${drag.id} to ${drag.position}`}
          </span>
        </li>
      )}
    </ul>
  );
}

/** By as many places as there are between; the core says where one may not stand. */
export function moveEntry(entry: QueueEntry, position: number): void {
  act(() => call("queue.move", { entry: entry.id, position }));
}

export function isMovable(entry: QueueEntry): boolean {
  // Of a queue as long as it needs, which leaves only the entry itself to say no.
  return actsFor(entry, Number.POSITIVE_INFINITY).includes("move-down");
}
