import { readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { dispatchPlanning } from "./dispatch-planning.ts";
import { firstView } from "./first-view.ts";
import { fleetEfficiency } from "./fleet-efficiency.ts";
import type { Bench, Figure } from "./measure.ts";
import { sessionStart } from "./session-start.ts";
import { terminalBytes } from "./terminal-bytes.ts";
import { writeFiguresTable } from "./write-figures-table.ts";

const benches: readonly Bench[] = [
  dispatchPlanning,
  sessionStart,
  terminalBytes,
  firstView,
  fleetEfficiency,
];
const folder = import.meta.dirname;
const page = path.join(folder, "../docs/benchmarks.md");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: "boolean", default: false } },
});
const chosen = benches.filter(
  ({ name }) => positionals.length === 0 || positionals.some((asked) => name.includes(asked)),
);
if (chosen.length === 0) {
  process.stderr.write(`Choose among: ${benches.map(({ name }) => name).join(", ")}.\n`);
  process.exitCode = 2;
} else {
  await measure();
}

async function measure(): Promise<void> {
  const leaving = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => leaving.abort(new Error(`ended by ${signal}`)));
  const machine = describeMachine();
  const loadBefore = readLoad();
  const results: { name: string; figures: readonly Figure[] }[] = [];
  for (const bench of chosen) {
    const startedAt = performance.now();
    const note = (line: string) => tell(`${bench.name}: ${line}`);
    note("begins");
    results.push({ name: bench.name, figures: await bench.run({ note, signal: leaving.signal }) });
    note(`took ${Math.round((performance.now() - startedAt) / 1000)} s`);
  }
  const command = ["npm run bench", ...(positionals.length > 0 ? ["--", ...positionals] : [])];
  const report = {
    command: command.join(" "),
    date: new Date().toISOString().slice(0, 10),
    machine,
    load: { before: loadBefore, after: readLoad() },
    results,
  };
  const table = writeFiguresTable(report);
  process.stdout.write(`\n${table}\n`);
  writeFileSync(path.join(folder, "results.json"), `${JSON.stringify(report, null, 2)}\n`);
  if (values.write) writeIntoPage(table);
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Its class, not its name. */
function describeMachine(): string {
  const cpus = os.cpus();
  const memoryGb = Math.round(os.totalmem() / 2 ** 30);
  const model = cpus[0]?.model.trim() ?? "unknown processor";
  const runs = `Node ${process.versions.node}, ${os.type()} ${os.arch()}`;
  return `${cpus.length} cores (${model}), ${memoryGb} GB of memory, ${runs}`;
}

/** How many processes wanted to run, on the average of the last minute. */
function readLoad(): number {
  return Math.round((os.loadavg()[0] ?? 0) * 10) / 10;
}

const MARKERS = ["<!-- figures -->", "<!-- end of figures -->"] as const;

function writeIntoPage(table: string): void {
  const text = readFileSync(page, "utf8");
  const [before, rest] = text.split(MARKERS[0]);
  const after = rest?.split(MARKERS[1])[1];
  if (before === undefined || after === undefined)
    throw new Error(`${page} has no place for the figures`);
  writeFileSync(page, `${before}${MARKERS[0]}\n\n${table}\n${MARKERS[1]}${after}`);
}
