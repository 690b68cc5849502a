import { useRef, useState } from "react";
import type { Forecast } from "../../../shared/model/forecast.ts";
import type { TaskId } from "../../../shared/model/ids.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { classNames } from "../../ui/class-names.ts";
import { ShapeMark } from "../../ui/state-mark.tsx";
import { type ForecastCell, type ForecastTable, tableOf } from "./forecast-cells.ts";

type Place = readonly [row: number, column: number];

/** Which branch clashes with which: one tab stop, arrow keys within, the files below. */
export function ForecastMatrix({
  forecast,
  onOpenTask,
}: {
  readonly forecast: Forecast;
  readonly onOpenTask: (task: TaskId) => void;
}) {
  const table = tableOf(forecast);
  const [at, setAt] = useState<Place>(() => firstConflict(table));
  const [isPointed, setPointed] = useState<Place | null>(null);
  const grid = useRef<HTMLTableElement>(null);
  const rowAt = Math.min(at[0], table.rows.length - 1);
  const columnAt = Math.min(at[1], table.branches.length);
  const shown = isPointed ?? [rowAt, columnAt];
  const cell = table.rows[shown[0]]?.[shown[1]];

  const move = (row: number, column: number) => {
    const next: Place = [
      Math.max(0, Math.min(row, table.rows.length - 1)),
      Math.max(0, Math.min(column, table.branches.length)),
    ];
    setAt(next);
    setPointed(null);
    grid.current?.querySelector<HTMLElement>(`[data-cell="${next.join("-")}"]`)?.focus();
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const steps: Readonly<Record<string, Place>> = {
      ArrowUp: [rowAt - 1, columnAt],
      ArrowDown: [rowAt + 1, columnAt],
      ArrowLeft: [rowAt, columnAt - 1],
      ArrowRight: [rowAt, columnAt + 1],
      Home: [rowAt, 0],
      End: [rowAt, table.branches.length],
    };
    const step = steps[event.key];
    if (step) {
      event.preventDefault();
      move(...step);
    }
  };

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="min-h-0 flex-1 overflow-auto px-3 pb-2">
        <table
          ref={grid}
          aria-label="Conflicts to come"
          onKeyDown={onKeyDown}
          onPointerLeave={() => setPointed(null)}
          className="border-separate border-spacing-0 text-xs"
        >
          <thead>
            <tr>
              <th scope="col" className="sticky top-0 left-0 z-20 bg-surface">
                <span className="sr-only">Branch</span>
              </th>
              <ColumnHead name={forecast.target} isMarked={shown[1] === 0} />
              {table.branches.map(({ task }, column) => (
                <ColumnHead key={task} name={task} isMarked={shown[1] === column + 1} />
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((cells, row) => (
              <tr key={cells[0]?.row}>
                <RowHead task={cells[0]?.row} isMarked={shown[0] === row} />
                {cells.map((each, column) => (
                  <td
                    key={each.column ?? "target"}
                    className="border-line/60 border-r border-b p-0 first-of-type:border-l"
                    onPointerEnter={() => setPointed([row, column])}
                  >
                    <button
                      type="button"
                      data-cell={`${row}-${column}`}
                      tabIndex={row === rowAt && column === columnAt ? 0 : -1}
                      aria-label={each.text}
                      onFocus={() => setAt([row, column])}
                      onClick={() => onOpenTask(each.row)}
                      className={classNames(
                        "flex h-6 w-full min-w-10 items-center justify-center gap-1 -outline-offset-2",
                        cellStyle[each.outcome],
                      )}
                    >
                      <CellMark cell={each} />
                    </button>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {table.hiddenCount > 0 && (
          <p className="pt-2 text-faint text-xs">
            {table.hiddenCount} more branches clash with nothing.
          </p>
        )}
      </div>
      {cell && <CellDetail cell={cell} target={forecast.target} />}
    </div>
  );
}

const cellStyle: Readonly<Record<ForecastCell["outcome"], string>> = {
  clean: "text-faint hover:bg-hover",
  conflict: "bg-bad/12 font-semibold text-bad hover:bg-bad/20",
  unknown: "text-warn hover:bg-hover",
  itself: "bg-sunken text-faint",
};

function CellMark({ cell }: { readonly cell: ForecastCell }) {
  switch (cell.outcome) {
    case "conflict":
      return (
        <>
          <ShapeMark shape="cross" size={9} />
          <span className="tabular-nums">{cell.count}</span>
        </>
      );
    case "unknown":
      return <ShapeMark shape="question" />;
    case "clean":
      return <span aria-hidden="true">·</span>;
    case "itself":
      return null;
  }
}

function ColumnHead({ name, isMarked }: { readonly name: string; readonly isMarked: boolean }) {
  return (
    <th
      scope="col"
      title={name}
      className={classNames(
        "sticky top-0 z-10 max-w-24 truncate border-line border-b bg-surface px-1 py-1 font-mono font-normal text-2xs",
        isMarked ? "text-accent" : "text-muted",
      )}
    >
      {name}
    </th>
  );
}

function RowHead({
  task,
  isMarked,
}: {
  readonly task: TaskId | undefined;
  readonly isMarked: boolean;
}) {
  const title = useMirror((mirror) => mirror.tasks.find(({ id }) => id === task)?.title ?? "");
  return (
    <th
      scope="row"
      title={title}
      className={classNames(
        "sticky left-0 z-10 w-64 min-w-40 max-w-64 truncate border-line border-b bg-surface py-0 pr-3 text-left font-normal",
        isMarked ? "text-accent" : "text-ink",
      )}
    >
      <span className="mr-2 inline-block min-w-9 font-mono text-2xs text-faint">{task}</span>
      {title}
    </th>
  );
}

function CellDetail({ cell, target }: { readonly cell: ForecastCell; readonly target: string }) {
  const { row, column, outcome, files, count, problem } = cell;
  const titles = useMirror((mirror) =>
    [row, column]
      .flatMap((id) => mirror.tasks.find((task) => task.id === id)?.title ?? [])
      .join(" · "),
  );
  const other = column ?? target;
  const words: Readonly<Record<ForecastCell["outcome"], string>> = {
    clean: `${row} and ${other} merge`,
    conflict: `${row} and ${other} will conflict in ${count} ${count === 1 ? "file" : "files"}`,
    unknown: `Whether ${row} and ${other} conflict is not known`,
    itself: `${row} itself`,
  };
  return (
    <div className="flex h-14 shrink-0 flex-col justify-center gap-0.5 overflow-hidden border-line border-t bg-sunken px-4 text-xs">
      <span className="truncate">
        <span className={outcome === "conflict" ? "font-semibold text-bad" : "text-ink"}>
          {words[outcome]}
        </span>
        {outcome !== "itself" && <span className="ml-3 text-muted">{titles}</span>}
      </span>
      {problem !== null && <span className="truncate text-muted">{problem}</span>}
      {files.length > 0 && (
        <span title={files.join("\n")} className="truncate font-mono text-2xs text-muted">
          {files.join("  ")}
          {count > files.length && `  and ${count - files.length} more`}
        </span>
      )}
    </div>
  );
}

/** Where a person looks first. */
function firstConflict({ rows }: ForecastTable): Place {
  for (const [row, cells] of rows.entries()) {
    const column = cells.findIndex(({ outcome }) => outcome === "conflict");
    if (column >= 0) return [row, column];
  }
  return [0, 0];
}
