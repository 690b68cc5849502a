// `npm run demo [-- --exit]`: the sample repository, two profiles, a plan and the scripted model, through the whole circle.
// With --exit there is no window: progress is printed, and 0 means that every task landed and the checks pass on the target.
import { spawn } from "node:child_process";
import path from "node:path";
import { endWith } from "./end-with.mjs";
import { ensureReady } from "./ensure-ready.mjs";
import { isStartedHere } from "./is-started-here.mjs";
import { restorePersonPath } from "./person-path.mjs";
import { summarise, tell } from "./prepare-demo.mjs";
import { projectFolder } from "./project-folder.mjs";

/** Ten tasks take well under a minute here; a machine that needs this long has a problem worth hearing of. */
const PATIENCE_MS = 10 * 60_000;

const HELP = `usage: npm run demo [-- --exit]

Plays the demo: a sample repository, two profiles, a plan of tasks and a scripted model, in a data folder of its own
that is removed at the end. No subscription is used.

  --exit   without a window: progress is printed, and it ends with 0 when every task has landed`;

if (isStartedHere(import.meta.url)) process.exitCode = await runDemo(process.argv.slice(2));

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
async function runDemo(args) {
  if (args.includes("--help") || args.includes("-h")) {
    tell(HELP);
    return 0;
  }
  await ensureReady();
  restorePersonPath();
  return args.includes("--exit") ? runWithoutWindow() : runInApp();
}

/** @returns {Promise<number>} the exit code */
async function runWithoutWindow() {
  const { openDemo } = await import("../demo/open-demo.ts");
  const demo = await openDemo();
  try {
    return await playWithoutWindow(demo);
  } finally {
    // Not `await using`: this file is also read by the Node that only installs.
    await demo[Symbol.asyncDispose]();
  }
}

/** @param {import("../demo/open-demo.ts").OpenDemo} demo */
async function playWithoutWindow(demo) {
  const program = path.join(projectFolder, "dist/electron/cli.cjs");
  const args = [program, "serve", "--no-open", "--home", demo.home];
  const app = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  const leaving = new AbortController();
  const ended = endWith(app).finally(() => leaving.abort(new Error("the app ended early")));
  try {
    const signal = AbortSignal.any([leaving.signal, AbortSignal.timeout(PATIENCE_MS)]);
    const exitCode = summarise(await demo.play(tell, signal));
    await demo.stopApp();
    return exitCode;
  } catch (error) {
    tell(`The demo failed: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    app.kill("SIGTERM");
    await ended;
  }
}

/** @returns {Promise<number>} */
async function runInApp() {
  process.argv.push("--demo");
  await import("./start.mjs");
  return typeof process.exitCode === "number" ? process.exitCode : 0;
}
