import {
  type Clash,
  describeClash,
  type Forecast,
  type ForecastBranch,
} from "../../../shared/model/forecast.ts";
import type { TaskId } from "../../../shared/model/ids.ts";

/** One field of the matrix: a branch with the target (`null`) or with another branch. */
export interface ForecastCell {
  readonly row: TaskId;
  readonly column: TaskId | null;
  readonly outcome: "clean" | "conflict" | "unknown" | "itself";
  readonly files: readonly string[];
  readonly count: number;
  readonly problem: string | null;
  /** Whole, for whoever does not see the matrix around it. */
  readonly text: string;
}

export interface ForecastTable {
  readonly branches: readonly ForecastBranch[];
  /** Branches that clash with nothing, where there are too many to show them all. */
  readonly hiddenCount: number;
  /** By branch: with the target first, then with each shown branch. */
  readonly rows: readonly (readonly ForecastCell[])[];
}

/** A matrix of more is no picture any more, and takes a window long to draw. */
export const SHOWN_MAX = 40;

export function tableOf(forecast: Forecast): ForecastTable {
  const clashing = new Set(
    forecast.clashes.flatMap(({ one, other }) => (other === null ? [one] : [one, other])),
  );
  const branches =
    forecast.branches.length <= SHOWN_MAX
      ? forecast.branches
      : forecast.branches.filter(({ task }) => clashing.has(task)).slice(0, SHOWN_MAX);
  const clashes = new Map(forecast.clashes.map((clash) => [keyOf(clash.one, clash.other), clash]));
  const columns = [null, ...branches.map(({ task }) => task)];
  return {
    branches,
    hiddenCount: forecast.branches.length - branches.length,
    rows: branches.map(({ task: row }) =>
      columns.map((column) => cellOf(row, column, clashes.get(keyOf(row, column)), forecast)),
    ),
  };
}

function cellOf(
  row: TaskId,
  column: TaskId | null,
  clash: Clash | undefined,
  { target }: Forecast,
): ForecastCell {
  const nothing = { row, column, files: [], count: 0, problem: null };
  if (row === column) return { ...nothing, outcome: "itself", text: row };
  const name = column ?? target;
  if (!clash) return { ...nothing, outcome: "clean", text: `${row} merges with ${name}` };
  const { files, count, problem } = clash;
  const told = describeClash({ with: column, files, count, problem }, target);
  return {
    ...{ row, column, files, count, problem },
    outcome: problem === null ? "conflict" : "unknown",
    text: `${row}: ${told.charAt(0).toLowerCase()}${told.slice(1)}`,
  };
}

/** The same from both sides. */
function keyOf(one: TaskId, other: TaskId | null): string {
  return other === null ? one : [one, other].toSorted().join(" ");
}
