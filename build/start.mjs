// `npm start`: the desktop app where Electron's binary is there or can be had, else the same app in a browser window, else a
// printed link. One line says which and why. SWITCHYARD_SHELL=electron|web|auto decides it by hand.
import { ensureReady } from "./ensure-ready.mjs";
import { restorePersonPath } from "./person-path.mjs";

await ensureReady();
restorePersonPath();
const { hasDisplay } = await import("./browser.mjs");
const { findElectron } = await import("./electron-binary.mjs");
const { runElectron } = await import("./run-electron.mjs");
const { runWebShell } = await import("./run-web-shell.mjs");

const REFUSED = 3;
const args = process.argv.slice(2);
/** What the demo adds to the app's surroundings, and how to take it down again. */
const demo = args.includes("--demo") ? await prepareDemo() : { env: {}, end: async () => {} };
const appArgs = args.filter((arg) => arg !== "--demo");
try {
  process.exitCode = await startApp({ ...process.env, ...demo.env });
} finally {
  await demo.end();
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} the exit code
 */
async function startApp(env) {
  const choice = process.env.SWITCHYARD_SHELL ?? "auto";
  if (!["electron", "web", "auto"].includes(choice)) {
    return say(2, `SWITCHYARD_SHELL is electron, web or auto; "${choice}" is none of them.`);
  }
  if (choice === "web") return runWebShell("SWITCHYARD_SHELL=web", appArgs, env);
  if (!hasDisplay()) {
    const why = "there is no display (DISPLAY and WAYLAND_DISPLAY are empty)";
    if (choice === "auto") return runWebShell(why, appArgs, env);
    return say(
      REFUSED,
      `The desktop app cannot open a window: ${why}. \`switchyard serve\` needs none.`,
    );
  }

  const electron = findElectron({ mayDownload: true });
  if (electron.kind === "found") return runElectron(electron.file, appArgs, env);
  return choice === "auto" ? runWebShell(electron.why, appArgs, env) : say(REFUSED, electron.why);
}

/**
 * `build/prepare-demo.mjs` exports `prepareDemo(): Promise<{ env, end }>`.
 *
 * @returns {Promise<{ env: NodeJS.ProcessEnv, end: () => Promise<void> }>}
 */
async function prepareDemo() {
  const { prepareDemo: prepare } = await import("./prepare-demo.mjs");
  return prepare();
}

/**
 * @param {number} exitCode
 * @param {string} sentence
 */
function say(exitCode, sentence) {
  process.stderr.write(`${sentence}\n`);
  return exitCode;
}
