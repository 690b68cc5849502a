// `npm run soak [-- --minutes N] [--seed N] [--chaos | --profiles | --mixed]`: operations, faults, limits and branches that do not go together against the built app, then its history is checked.
import { spawn } from "node:child_process";
import path from "node:path";
import { endWith } from "./end-with.mjs";
import { ensureReady } from "./ensure-ready.mjs";
import { projectFolder } from "./project-folder.mjs";

await ensureReady();
/** What a first word asks for alone; without one it is the whole app. */
const mains = new Map([
  // The merge queue, its core killed at each of its effects.
  ["queue", "e2e/soak/queue/main.ts"],
  // Sessions that print, and windows on them, whose memory is watched.
  ["terminal", "e2e/soak/terminal/main.ts"],
  // What windows show, against terminals that had every byte.
  ["terminal-fidelity", "e2e/fidelity/main.ts"],
]);
const main = mains.get(process.argv[2] ?? "") ?? "e2e/soak/main.ts";
const program = path.join(projectFolder, main);
process.exitCode = await endWith(
  spawn(process.execPath, [program, ...process.argv.slice(2)], { stdio: "inherit" }),
);
