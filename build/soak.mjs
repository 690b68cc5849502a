// `npm run soak [-- --minutes N] [--seed N] [--chaos | --profiles | --mixed]`: operations, faults, limits and branches that do not go together against the built app, then its history is checked.
import { spawn } from "node:child_process";
import path from "node:path";
import { endWith } from "./end-with.mjs";
import { ensureReady } from "./ensure-ready.mjs";
import { projectFolder } from "./project-folder.mjs";

await ensureReady();
// `queue …`: the merge queue alone, its core killed at each of its effects.
const main = process.argv[2] === "queue" ? "e2e/soak/queue/main.ts" : "e2e/soak/main.ts";
const program = path.join(projectFolder, main);
process.exitCode = await endWith(
  spawn(process.execPath, [program, ...process.argv.slice(2)], { stdio: "inherit" }),
);
