// `npm run bench [-- NAME…] [--write]`: measures the built app. A process of its own, so that build scripts import no source.
import { spawn } from "node:child_process";
import path from "node:path";
import { endWith } from "./end-with.mjs";
import { ensureReady } from "./ensure-ready.mjs";
import { projectFolder } from "./project-folder.mjs";

await ensureReady();
const program = path.join(projectFolder, "bench/main.ts");
process.exitCode = await endWith(
  spawn(process.execPath, [program, ...process.argv.slice(2)], { stdio: "inherit" }),
);
