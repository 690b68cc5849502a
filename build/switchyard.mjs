#!/usr/bin/env node
// The command line from a checkout. It keeps the person's current folder and exit codes.
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ensureReady } from "./ensure-ready.mjs";
import { restorePersonPath } from "./person-path.mjs";
import { projectFolder } from "./project-folder.mjs";

await ensureReady();
restorePersonPath();
// `npm run` moves to the checkout; the command means the folder where the person stands.
const from = process.env.INIT_CWD;
if (from && process.env.npm_lifecycle_event === "switchyard") process.chdir(from);
process.argv[1] = path.join(projectFolder, "dist/electron/cli.cjs");
await import(pathToFileURL(process.argv[1]).href);
