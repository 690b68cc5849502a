import { readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { dispatchPlanning } from "./dispatch-planning.ts";
import { firstView } from "./first-view.ts";
import { fleetEfficiency } from "./fleet-efficiency.ts";
import { forecast } from "./forecast.ts";
import type { Bench, Simulation } from "./measure.ts";
import { outliving } from "./outliving.ts";
import { placement } from "./placement.ts";
import { queueLanding } from "./queue-landing.ts";
import { queueLarge } from "./queue-large.ts";
import { queuePlan } from "./queue-plan.ts";
import { queueView } from "./queue-view.ts";
import { sessionStart } from "./session-start.ts";
import { terminalBytes } from "./terminal-bytes.ts";
import { terminalWindow } from "./terminal-window.ts";
import { type BenchResult, joinTables, writeFiguresTables } from "./write-figures-tables.ts";
import { writeQueueTargets } from "./write-queue-targets.ts";

const benches: readonly Bench[] = [
  dispatchPlanning,
  queuePlan,
  queueLanding,
  queueLarge,
  queueView,
  sessionStart,
  terminalBytes,
  terminalWindow,
  firstView,
  fleetEfficiency,
  forecast,
  outliving,
];
const simulations: readonly Simulation[] = [placement];
const folder = import.meta.dirname;
const resultsFile = path.join(folder, "results.json");
const docs = path.join(folder, "../docs");
const MARKERS = ["<!-- figures -->", "<!-- end of figures -->"] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: "boolean", default: false } },
});
const isChosen = ({ name }: { readonly name: string }) =>
  positionals.length === 0 || positionals.some((asked) => name.includes(asked));
const chosen = benches.filter(isChosen);
const chosenSimulations = simulations.filter(isChosen);
if (chosen.length + chosenSimulations.length === 0) {
  const names = [...benches, ...simulations].map(({ name }) => name);
  process.stderr.write(`Choose among: ${names.join(", ")}.\n`);
  process.exitCode = 2;
} else {
  await measure();
}

async function measure(): Promise<void> {
  const leaving = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => leaving.abort(new Error(`ended by ${signal}`)));
  await simulateAll(leaving.signal);
  if (chosen.length === 0) return;
  const results: BenchResult[] = [];
  for (const { name, run } of chosen) {
    const startedAt = performance.now();
    const loadBefore = readLoad();
    const note = (line: string) => tell(`${name}: ${line}`);
    note("begins");
    const figures = await run({ note, signal: leaving.signal });
    const date = new Date().toISOString().slice(0, 10);
    results.push({ name, date, load: { before: loadBefore, after: readLoad() }, figures });
    note(`took ${Math.round((performance.now() - startedAt) / 1000)} s`);
  }
  const machine = describeMachine();
  process.stdout.write(`\n${writeFiguresTables({ machine, results })}\n`);
  writeFileSync(resultsFile, `${JSON.stringify({ machine, results }, null, 2)}\n`);
  if (values.write) {
    const names = benches.map(({ name }) => name);
    writeIntoPage("benchmarks.md", (earlier) => {
      const tables = joinTables(earlier, { machine, results }, names);
      return `${writeQueueTargets(tables)}\n\n${tables}`;
    });
  }
}

async function simulateAll(signal: AbortSignal): Promise<void> {
  for (const { name, page, simulate } of chosenSimulations) {
    const tables = await simulate({ note: (line) => tell(`${name}: ${line}`), signal });
    process.stdout.write(`\n${tables}\n`);
    if (values.write) writeIntoPage(page, () => tables);
  }
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

/** `page`: below `docs/`. `renew` is given the tables that are there. */
function writeIntoPage(page: string, renew: (earlier: string) => string): void {
  const file = path.join(docs, page);
  const text = readFileSync(file, "utf8");
  const [before, rest] = text.split(MARKERS[0]);
  const [earlier, after] = rest?.split(MARKERS[1]) ?? [];
  if (before === undefined || earlier === undefined || after === undefined)
    throw new Error(`${file} has no place for the figures`);
  writeFileSync(file, `${before}${MARKERS[0]}\n\n${renew(earlier)}\n${MARKERS[1]}${after}`);
}
