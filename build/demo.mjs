// `npm run demo [-- --exit]`: the sample repository, two profiles, a plan and the scripted model, through the whole circle.
// With --exit there is no window: progress is printed, and 0 means that every task landed and the checks pass on the target.
import { spawn } from "node:child_process";
import path from "node:path";
import { endWith } from "./end-with.mjs";
import { ensureReady } from "./ensure-ready.mjs";
import { isStartedHere } from "./is-started-here.mjs";
import { restorePersonPath } from "./person-path.mjs";
import { projectFolder } from "./project-folder.mjs";

/** Ten tasks take well under a minute here; a machine that needs this long has a problem worth hearing of. */
const PATIENCE_MS = 10 * 60_000;

if (isStartedHere(import.meta.url)) {
  await ensureReady();
  restorePersonPath();
  process.exitCode = process.argv.includes("--exit") ? await runWithoutWindow() : await runInApp();
}

/**
 * For `npm start -- --demo`: what to start the app with. The plan is played as soon as the app is up.
 *
 * @returns {Promise<{ env: NodeJS.ProcessEnv, end: () => Promise<void> }>}
 */
export async function prepareDemo() {
  const { openDemo } = await import("../demo/open-demo.ts");
  const demo = await openDemo();
  const leaving = new AbortController();
  const playing = demo.play(tell, leaving.signal).then(summarise, (error) => {
    if (!leaving.signal.aborted) tell(`The demo stopped: ${error.message}`);
  });
  return {
    env: { SWITCHYARD_HOME: demo.home },
    async end() {
      leaving.abort(new Error("the app was closed"));
      await playing;
      await demo[Symbol.asyncDispose]();
    },
  };
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

/**
 * @param {import("../demo/run-demo.ts").DemoOutcome} outcome
 * @returns {number} the exit code
 */
function summarise(outcome) {
  if (outcome.kind === "failed") {
    tell("The demo did not come through:");
    for (const reason of outcome.reasons) tell(`- ${reason}`);
    return 1;
  }
  const seconds = Math.round(outcome.tookMs / 1000);
  tell(
    `All ${outcome.landed} tasks landed in ${seconds} s; ${outcome.returned} came back to a worker first.`,
  );
  return 0;
}

/** @param {string} line */
function tell(line) {
  process.stdout.write(`${line}\n`);
}
