import { Zap } from "lucide-react";
import { memo } from "react";
import { nameOfProposed } from "../../../shared/model/describe-pull.ts";
import type { EntryId } from "../../../shared/model/ids.ts";
import { isOpen, type QueueEntry } from "../../../shared/model/queue-entry.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { entryLook } from "../../mirror/state-look.ts";
import { Age } from "../../ui/age.tsx";
import { classNames } from "../../ui/class-names.ts";
import { formatCount } from "../../ui/format-amount.ts";
import { StateMark } from "../../ui/state-mark.tsx";
import { rowProps } from "../../ui/use-list-keys.ts";

/** Drawn anew only when it changed itself: of a hundred rows, each change of the queue changes few. */
export const EntryRow = memo(function EntryRow({
  entry,
  isSelected,
  isCarried = false,
  isCurrent,
  onSelect,
}: {
  readonly entry: QueueEntry;
  readonly isSelected: boolean;
  /** It is being dragged to another place. */
  readonly isCarried?: boolean;
  /** The list's one place in the tab order. */
  readonly isCurrent: boolean;
  readonly onSelect: (id: EntryId) => void;
}) {
  const task = useMirror((mirror) => mirror.tasks.find((each) => each.id === entry.task));
  const { batch } = entry;
  const isUnderCheck = batch?.entries.slice(0, batch.testing).includes(entry.id) ?? false;
  const notes = [
    entry.reason,
    entry.state === "proposed" && entry.pullRequest ? nameOfProposed(entry.pullRequest) : null,
    entry.files.length > 0 ? entry.files.join(", ") : null,
    entry.conflictsWith.length > 0 ? `Will conflict with ${entry.conflictsWith.join(", ")}` : null,
  ].filter((note) => note !== null);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the title within is a button; the rest of the row is for the mouse.
    <li
      data-entry={entry.id}
      onClick={() => onSelect(entry.id)}
      className={classNames(
        // What is out of sight is not laid out.
        "[contain-intrinsic-size:auto_3.5rem] [content-visibility:auto]",
        "grid grid-cols-[1.75rem_minmax(0,1fr)_auto] items-start gap-x-2.5 border-line/60 border-b px-3 py-2 hover:bg-hover has-[[data-key]:focus-visible]:outline-2 has-[[data-key]:focus-visible]:-outline-offset-2 has-[[data-key]:focus-visible]:outline-accent",
        isCarried && "bg-sunken outline-1 outline-line-strong -outline-offset-2 outline-dashed",
        isUnderCheck && !isSelected && "shadow-[inset_2px_0_0_var(--accent)]",
        isSelected && "bg-accent/10 shadow-[inset_3px_0_0_var(--accent)] hover:bg-accent/12",
      )}
    >
      <span
        title={isOpen(entry.state) ? `Position ${entry.position}` : "Left the queue"}
        className="pt-px text-right font-semibold text-base text-faint tabular-nums"
      >
        {isOpen(entry.state) ? entry.position : ""}
      </span>
      <span className="min-w-0">
        <button
          type="button"
          aria-current={isSelected}
          className="block max-w-full truncate text-left font-medium outline-none"
          {...rowProps(entry.id, isCurrent)}
        >
          {task?.title ?? entry.branch}
        </button>
        <span className="flex min-w-0 items-center gap-2 text-faint text-xs">
          <span className="font-mono">{entry.id}</span>
          <span className="font-mono">{entry.task}</span>
          {isOpen(entry.state) && entry.hotfixAt !== null && (
            <span className="flex items-center gap-1 font-semibold text-warn">
              <Zap size={12} aria-hidden /> hot fix
            </span>
          )}
          {entry.checks.length > 0 && <span>{formatCount(entry.checks.length, "check")}</span>}
        </span>
        {notes.map((note) => (
          <span
            key={note}
            title={note}
            className={classNames(
              "mt-0.5 block truncate text-xs",
              entry.state === "returned" ? "text-bad" : "text-muted",
            )}
          >
            {note}
          </span>
        ))}
      </span>
      <span className="flex flex-col items-end gap-0.5">
        <StateMark look={entryLook[entry.state]} />
        <Age since={entry.since} className="text-faint text-xs tabular-nums" />
      </span>
    </li>
  );
});
