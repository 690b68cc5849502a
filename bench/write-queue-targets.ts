/** What is wanted of the merge queue, row by row. */
const ROWS: readonly string[] = [
  "forecast of 25 branches, beside a `git status`",
  "forecast of 1 branch that moved, beside a `git status`",
  "conflicts that a forecast missed",
  "objects that a forecast leaves",
  "candidate of a branch, beside a `git rev-parse`",
  "switch of a pool worktree, beside a fresh one",
  "check runs a landed branch, with 0, 2, 5 and 10 % bad",
  "work beside one at a time, with 5 % bad",
  "runs beside the least that can tell them apart",
  "branches of 100 good ones that are wrongly returned",
  "runs beside batches of five, with 0, 2, 5 and 10 % bad",
  "the queue's own part of a landing, beside a check of a minute",
  "check runs lost a kill, and what does not hold after it",
  "recovery after a kill, beside a `git status`",
  "longest task of a window with 100 entries",
];

/** The rows with what the figures' tables say of each, e.g. that it was not measured on this class of machine. */
export function writeQueueTargets(tables: string): string {
  const said = readSaid(tables);
  const lines = ROWS.flatMap((what, at) => {
    const answers = said.filter(({ row }) => row === at + 1);
    if (answers.length === 0) return [[String(at + 1), what, "", "", "not measured"]];
    return answers.map(({ target, measured, bench, outcome }) => [
      String(at + 1),
      what,
      target,
      `${measured} (\`${bench}\`)`,
      outcome,
    ]);
  });
  const head = ["row", "of the merge queue", "wanted", "measured", ""];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const write = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [write(head), write(widths.map((width) => "-".repeat(width))), ...lines.map(write)].join(
    "\n",
  );
}

interface Said {
  readonly row: number;
  readonly target: string;
  readonly measured: string;
  readonly bench: string;
  readonly outcome: string;
}

/** Reads the tables that `writeFiguresTables` writes, so that rows of earlier runs count too. */
function readSaid(tables: string): readonly Said[] {
  return tables.split(/^(?=`[a-z-]+`, )/m).flatMap((table) => {
    const bench = /^`([a-z-]+)`/.exec(table)?.[1];
    if (bench === undefined) return [];
    return table.split("\n").flatMap((line) => {
      const cells = line.split("|").map((cell) => cell.trim());
      const [, , median = "", spread = "", , , , ratio = "", , wanted = ""] = cells;
      return [...wanted.matchAll(TARGET)].map(([, of = "", bound, value, outcome = "", row]) => ({
        row: Number(row),
        target: `${bound} ${value}`,
        measured: { ratio, median }[of] ?? `${median}, ${spread}`,
        bench,
        outcome,
      }));
    });
  });
}

const TARGET = /(ratio|median|every run) ([≤≥]) ([\d.]+) (kept|missed) \(row (\d+)\)/g;
