// `npm run dev [-- --gallery]`: the window, or every part of it, to look at while it is worked on. Nothing of it is shipped.
import { spawn } from "node:child_process";
import path from "node:path";
import { endWith } from "./end-with.mjs";
import { ensureReady } from "./ensure-ready.mjs";
import { projectFolder } from "./project-folder.mjs";

await ensureReady({ isBuilt: false });
const program = path.join(projectFolder, "e2e/window-fixture/develop.mjs");
process.exitCode = await endWith(
  spawn(process.execPath, [program, ...process.argv.slice(2)], { stdio: "inherit" }),
);
