import type { Task } from "../../../shared/model/task.ts";
import { AsksNothingMark } from "../../mirror/asks-nothing-mark.tsx";
import { useMirror } from "../../mirror/mirror.ts";
import { useProfileHue } from "../../mirror/profile-hue.ts";
import { taskLook } from "../../mirror/state-look.ts";
import { Age } from "../../ui/age.tsx";
import { classNames } from "../../ui/class-names.ts";
import { formatCount } from "../../ui/format-amount.ts";
import { NameChip } from "../../ui/name-chip.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import type { RowProps } from "../../ui/use-list-keys.ts";

const COLUMNS =
  "grid-cols-[3rem_6.5rem_1.75rem_minmax(8rem,1fr)_3rem] @[60rem]:grid-cols-[3rem_6.5rem_1.75rem_minmax(12rem,1fr)_minmax(0,9rem)_7rem_6rem_3.5rem]";

export function TaskRow({
  task,
  order,
  isSelected,
  row,
  onSelect,
}: {
  readonly task: Task;
  /** Its place among rows and headers. */
  readonly order: number;
  readonly isSelected: boolean;
  readonly row: RowProps;
  readonly onSelect: () => void;
}) {
  const isOut = task.status === "cancelled" || task.status === "landed";
  // What its session was started with counts while it runs; before that, what it is to be started with.
  const running = useMirror((mirror) =>
    task.status === "running"
      ? mirror.sessions.find((session) => session.id === task.session)?.permissionMode
      : undefined,
  );
  const hue = useProfileHue(task.profile);
  const note = task.reason ?? task.progress?.note ?? null;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the title within is a button; the rest of the row is for the mouse.
    <li
      style={{ order }}
      onClick={onSelect}
      className={classNames(
        "grid min-h-9 items-center gap-3 border-line/60 border-b px-3 py-1 hover:bg-hover has-[[data-key]:focus-visible]:outline-2 has-[[data-key]:focus-visible]:-outline-offset-2 has-[[data-key]:focus-visible]:outline-accent [content-visibility:auto] [contain-intrinsic-size:auto_36px]",
        COLUMNS,
        isSelected && "bg-accent/10 shadow-[inset_3px_0_0_var(--accent)] hover:bg-accent/12",
      )}
    >
      <span className="font-mono text-faint text-xs">{task.id}</span>
      <StateMark look={taskLook[task.status]} />
      <PriorityMark priority={task.priority} />
      <span className="flex min-w-0 items-baseline gap-2">
        <button
          type="button"
          aria-current={isSelected}
          className={classNames(
            "truncate text-left outline-none",
            isOut ? "text-muted" : "font-medium",
          )}
          {...row}
        >
          {task.title}
        </button>
        {!isOut && <AsksNothingMark mode={running ?? task.permissionMode} />}
        {task.labels.map((label) => (
          <span
            key={label}
            className="shrink-0 rounded border border-line px-1 text-2xs text-muted"
          >
            {label}
          </span>
        ))}
        {note && (
          <span title={note} className="min-w-0 shrink-[3] truncate text-muted text-xs">
            {note}
          </span>
        )}
      </span>
      <span className="@max-[60rem]:hidden truncate text-faint text-xs">
        {task.after.length > 0 && `after ${task.after.join(", ")}`}
      </span>
      <span className="@max-[60rem]:hidden min-w-0">
        {task.profile && <NameChip name={task.profile} hue={hue} />}
      </span>
      <span className="@max-[60rem]:hidden text-faint text-xs tabular-nums">
        {task.commits > 0 && formatCount(task.commits, "commit")}
      </span>
      <Age since={task.since} className="text-right text-faint text-xs tabular-nums" />
    </li>
  );
}

function PriorityMark({ priority }: { readonly priority: number }) {
  const isUrgent = priority <= 2;
  return (
    <span
      title={`Priority ${priority}; 1 is the most urgent`}
      className={classNames(
        "text-xs tabular-nums",
        isUrgent ? "font-semibold text-ink" : "text-faint",
      )}
    >
      P{priority}
    </span>
  );
}
