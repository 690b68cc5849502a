import { rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { findClaude, STAND_IN } from "../../demo/stand-in/find-claude.ts";
import { createAppHome } from "../app-home.ts";
import { mountTmpfs, whyNoTmpfs } from "../faults/tools/disks.ts";
import {
  printChaosSummary,
  printMixedSummary,
  printProfilesSummary,
  printSoakSummary,
} from "./print-summary.ts";
import { runChaos } from "./run-chaos.ts";
import { runMixed } from "./run-mixed.ts";
import { runProfiles } from "./run-profiles.ts";
import { runSoak } from "./run-soak.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "20" },
    seed: { type: "string" },
    faults: { type: "string", default: "" },
    chaos: { type: "boolean", default: false },
    profiles: { type: "boolean", default: false },
    mixed: { type: "boolean", default: false },
    pace: { type: "string", default: "40" },
    tasks: { type: "string", default: "60" },
    "stand-in": { type: "boolean", default: false },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const say = (line: string) => void process.stdout.write(`${line}\n`);
say(`Seed: ${seed}`);
const startedMs = performance.now();
const onProgress = (line: string) =>
  say(`${((performance.now() - startedMs) / 1000).toFixed(0)} s  ${line}`);
process.exitCode = values.mixed
  ? await runTheMixed()
  : values.profiles
    ? await runTheProfiles()
    : values.chaos
      ? await runTheChaos()
      : await runTheSoak();

async function runTheSoak(): Promise<number> {
  const missing = whyNoTmpfs();
  if (missing !== null) say(`The disk is not filled: ${missing}.`);
  using disk = missing === null ? mountTmpfs("size=512m") : null;
  await using home = await createAppHome({}, disk?.folder);
  const minutes = Number(values.minutes);
  const faults = values.faults.split(",").filter((name) => name !== "");
  const historyFile = path.join(os.tmpdir(), `switchyard-soak-${seed}.jsonl`);
  rmSync(historyFile, { force: true });
  say(`History: ${historyFile}`);
  const summary = await runSoak({ home, disk, historyFile, seed, minutes, faults, onProgress });
  say(`\n${printSoakSummary(summary)}`);
  return summary.findings.length === 0 ? 0 : 1;
}

async function runTheChaos(): Promise<number> {
  const claude = findWorker();
  await using home = await createAppHome({});
  const summary = await runChaos({
    home,
    executable: claude.executable,
    seed,
    tasks: 12,
    kills: { core: 10, host: 2, claude: 3 },
    jumpMs: 2 * 3_600_000,
    paceS: 8,
    limitMs: 15 * 60_000,
    onProgress,
  });
  say(`\n${printChaosSummary(summary)}`);
  return summary.findings.length === 0 ? 0 : 1;
}

async function runTheProfiles(): Promise<number> {
  const claude = findWorker();
  const runFile = path.join(os.tmpdir(), `switchyard-profiles-${seed}.json`);
  say(`What is judged: ${runFile}`);
  await using home = await createAppHome({});
  const summary = await runProfiles({
    home,
    executable: claude.executable,
    seed,
    tasks: Number(values.tasks),
    paceS: Number(values.pace),
    limitMs: 30 * 60_000,
    runFile,
    onProgress,
  });
  say(`\n${printProfilesSummary(summary)}`);
  return summary.findings.length === 0 ? 0 : 1;
}

async function runTheMixed(): Promise<number> {
  await using home = await createAppHome({});
  const { executable } = findWorker();
  const summary = await runMixed({ home, executable, limitMs: 15 * 60_000, onProgress });
  say(`\n${printMixedSummary(summary)}`);
  return summary.findings.length === 0 ? 0 : 1;
}

function findWorker(): { readonly executable: string } {
  const claude = values["stand-in"] ? { executable: STAND_IN, isReal: false } : findClaude();
  say(claude.isReal ? "The workers are the real Claude Code." : "A stand-in plays the workers.");
  return claude;
}
