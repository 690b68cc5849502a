import { History, Undo2 } from "lucide-react";
import type { EntryId, ProjectName } from "../../../shared/model/ids.ts";
import type { QueueEntry } from "../../../shared/model/queue-entry.ts";
import { revertedBy } from "../../../shared/model/take-back.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { Age } from "../../ui/age.tsx";
import { Button } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import type { RowProps } from "../../ui/use-list-keys.ts";
import { isRevertible } from "./entry-acts.ts";
import { askForTakeBack } from "./queue-view-store.ts";

/** What has landed, newest first, with the ways back. */
export function LandingHistory({
  project,
  landed,
  selected,
  rowProps,
  onSelect,
}: {
  readonly project: ProjectName;
  readonly landed: readonly QueueEntry[];
  readonly selected: EntryId | null;
  readonly rowProps: (id: EntryId) => RowProps;
  readonly onSelect: (id: EntryId) => void;
}) {
  const entries = useMirror((mirror) => mirror.entries);
  return (
    <>
      <div className="sticky top-0 z-10 flex h-8 items-center gap-2 border-line border-y bg-sunken pr-2 pl-4">
        <h2 className="font-semibold text-faint text-xs">Landed</h2>
        {landed.some(isRevertible) && (
          <Button
            isSmall
            kind="ghost"
            className="ml-auto"
            icon={<Undo2 size={13} />}
            onClick={() => askForTakeBack({ kind: "undo", project })}
          >
            Undo the last landing
          </Button>
        )}
      </div>
      <ul aria-label="Landed">
        {landed.map((entry) => (
          <LandedRow
            key={entry.id}
            entry={entry}
            revert={findRevert(entries, entry)}
            isSelected={entry.id === selected}
            row={rowProps(entry.id)}
            onSelect={() => onSelect(entry.id)}
          />
        ))}
      </ul>
    </>
  );
}

/** The newest entry that takes this one back, or has. */
function findRevert(entries: readonly QueueEntry[], { id }: QueueEntry): QueueEntry | undefined {
  return entries.findLast(
    ({ branch, state }) => revertedBy(branch) === id && state !== "removed" && state !== "returned",
  );
}

function LandedRow({
  entry,
  revert,
  isSelected,
  row,
  onSelect,
}: {
  readonly entry: QueueEntry;
  readonly revert: QueueEntry | undefined;
  readonly isSelected: boolean;
  readonly row: RowProps;
  readonly onSelect: () => void;
}) {
  const task = useMirror((mirror) => mirror.tasks.find((each) => each.id === entry.task));
  const back =
    revert &&
    (revert.state === "landed" ? `taken back by ${revert.id}` : `${revert.id} takes it back`);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the title within is a button; the rest of the row is for the mouse.
    <li
      onClick={onSelect}
      className={classNames(
        "grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-2.5 border-line/60 border-b py-1.5 pr-2 pl-4 hover:bg-hover has-[[data-key]:focus-visible]:outline-2 has-[[data-key]:focus-visible]:-outline-offset-2 has-[[data-key]:focus-visible]:outline-accent",
        isSelected && "bg-accent/10 shadow-[inset_3px_0_0_var(--accent)] hover:bg-accent/12",
      )}
    >
      <span className="min-w-0">
        <button
          type="button"
          aria-current={isSelected}
          className={classNames(
            "block max-w-full truncate text-left font-medium outline-none",
            revert?.state === "landed" && "text-muted line-through",
          )}
          {...row}
        >
          {task?.title ?? entry.branch}
        </button>
        <span className="flex min-w-0 items-center gap-2 text-faint text-xs">
          <span className="font-mono">{entry.id}</span>
          <span className="font-mono">{entry.task}</span>
          <span className="font-mono">{entry.candidate?.slice(0, 9) ?? "nothing new"}</span>
          <span className="truncate">
            landed <Age since={entry.since} /> ago
          </span>
          {back && <span className="truncate text-warn">{back}</span>}
        </span>
      </span>
      {isRevertible(entry) && !revert && (
        <Button
          isSmall
          kind="ghost"
          icon={<History size={13} />}
          aria-label={`Revert ${entry.id}`}
          onClick={(event) => {
            event.stopPropagation();
            askForTakeBack({ kind: "revert", entry: entry.id });
          }}
        >
          Revert
        </Button>
      )}
    </li>
  );
}
