import { type Figure, isKept, type Target } from "./measure.ts";

export interface BenchResult {
  readonly name: string;
  readonly date: string;
  /** Processes that wanted to run, on the average of the minute before the benchmark and of its last minute. */
  readonly load: { readonly before: number; readonly after: number };
  readonly figures: readonly Figure[];
}

export interface BenchReport {
  /** Its class, not its name. */
  readonly machine: string;
  readonly results: readonly BenchResult[];
}

/** Tables that read the same in a terminal and on a page. */
export function writeFiguresTables({ machine, results }: BenchReport): string {
  return [nameMachine(machine), "", ...results.flatMap(writeTable)].join("\n");
}

/**
 * These figures, and of the tables of earlier those of the benchmarks that have none this time, when they are of a machine of this class.
 * `names`: of all benchmarks, in the order in which they are shown.
 */
export function joinTables(earlier: string, report: BenchReport, names: readonly string[]): string {
  const [head = "", ...tables] = earlier.split(/^(?=`[a-z-]+`, )/m);
  const kept = head.includes(nameMachine(report.machine)) ? tables : [];
  const shown = names.flatMap((name) => {
    const ofThis = report.results.filter((result) => result.name === name);
    if (ofThis.length > 0) return ofThis.flatMap(writeTable);
    const before = kept.find((table) => table.startsWith(`\`${name}\`, `));
    return before === undefined ? [] : [before.trimEnd(), ""];
  });
  return [nameMachine(report.machine), "", ...shown].join("\n");
}

function nameMachine(machine: string): string {
  return `Machine: ${machine}.`;
}

const HEADS = [
  "figure",
  "median",
  "lowest – highest",
  "runs",
  "beside",
  "its median",
  "ratio",
  "its spread",
  "wanted",
];

function writeTable({ name, date, load, figures }: BenchResult): readonly string[] {
  const rows = figures.map(writeRow);
  const widths = HEADS.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [
    `\`${name}\`, ${date}, load ${load.before} before and ${load.after} at the end:`,
    "",
    line(HEADS),
    line(widths.map((width) => "-".repeat(width))),
    ...rows.map(line),
    "",
  ];
}

function writeRow(figure: Figure): readonly string[] {
  const { what, unit, median, low, high, runs, against, targets } = figure;
  return [
    what,
    `${round(median)} ${unit}`,
    runs > 1 ? spread(low, high) : "",
    String(runs),
    against?.what ?? "",
    against ? `${round(against.median)} ${unit}` : "",
    against ? round(against.ratio) : "",
    against && runs > 1 ? spread(against.ratioLow, against.ratioHigh) : "",
    targets.map((target) => writeTarget(figure, target)).join(", "),
  ];
}

/** E.g. `ratio ≤ 12 kept (row 5)`. */
function writeTarget(figure: Figure, target: Target): string {
  const { of, bound, value, row } = target;
  const words = [
    of,
    bound === "at most" ? "≤" : "≥",
    value,
    isKept(figure, target) ? "kept" : "missed",
  ];
  return `${words.join(" ")}${row === null ? "" : ` (row ${row})`}`;
}

function spread(low: number, high: number): string {
  return `${round(low)} – ${round(high)}`;
}

/** Three digits that count: more would only be noise. */
function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
