import type { Figure } from "./measure.ts";

export interface FiguresReport {
  readonly command: string;
  readonly date: string;
  readonly machine: string;
  readonly load: { readonly before: number; readonly after: number };
  readonly results: readonly { readonly name: string; readonly figures: readonly Figure[] }[];
}

/** A table that reads the same in a terminal and on a page. */
export function writeFiguresTable(report: FiguresReport): string {
  const heads = [
    "figure",
    "median",
    "lowest – highest",
    "runs",
    "beside",
    "its median",
    "ratio",
    "its spread",
  ];
  const rows = report.results.flatMap(({ figures }) => figures.map(writeRow));
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const { command, date, machine, load } = report;
  return [
    `\`${command}\` on ${date}: ${machine}. Load over a minute: ${load.before} before, ${load.after} after.`,
    "",
    line(heads),
    line(widths.map((width) => "-".repeat(width))),
    ...rows.map(line),
    "",
  ].join("\n");
}

function writeRow({ what, unit, median, low, high, runs, against }: Figure): readonly string[] {
  return [
    what,
    `${round(median)} ${unit}`,
    runs > 1 ? spread(low, high) : "",
    String(runs),
    against?.what ?? "",
    against ? `${round(against.median)} ${unit}` : "",
    against ? round(against.ratio) : "",
    against && runs > 1 ? spread(against.ratioLow, against.ratioHigh) : "",
  ];
}

function spread(low: number, high: number): string {
  return `${round(low)} – ${round(high)}`;
}

/** Three digits that count: more would only be noise. */
function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
