import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { findBrowser, hasDisplay } from "./browser.mjs";
import { endWith } from "./end-with.mjs";
import { openAppWindow } from "./open-app-window.mjs";
import { projectFolder } from "./project-folder.mjs";

/**
 * Starts `switchyard serve` and shows it: in a browser window of its own, or as a link.
 * When the window is closed the core is asked to end; sessions go on in the terminal host.
 *
 * @param {string} why what keeps Electron from being used
 * @param {readonly string[]} args further words for `serve`
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} the exit code
 */
export async function runWebShell(why, args, env) {
  const program = path.join(projectFolder, "dist/electron/cli.cjs");
  const server = spawn(process.execPath, [program, "serve", "--json", "--no-open", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env,
  });
  const ended = endWith(server);
  const answer = await readAnswer(server);
  if (answer.kind === "refused") {
    process.stderr.write(`${answer.sentence}\n`);
    return ended;
  }

  const browser = hasDisplay() ? await findBrowser({ isForWindow: true }) : undefined;
  const place = browser ? "in a browser window" : `at ${answer.url}`;
  process.stderr.write(`Starting Switchyard ${place}: ${why.replace(/[.]$/, "")}.\n`);
  if (!browser) return ended;
  await openAppWindow(browser, answer.url);
  server.kill("SIGTERM");
  await ended;
  return 0;
}

/**
 * The first line that the server prints: where it is ready, or, when another Switchyard holds the data folder, that one's link.
 *
 * @param {import("node:child_process").ChildProcessByStdio<null, import("node:stream").Readable, import("node:stream").Readable>} server
 * @returns {Promise<{ kind: "ready", url: string } | { kind: "refused", sentence: string }>}
 */
function readAnswer(server) {
  /** @type {string[]} */
  const complaints = [];
  return new Promise((resolve) => {
    createInterface(server.stdout).once("line", (line) =>
      resolve({ kind: "ready", url: JSON.parse(line).url }),
    );
    createInterface(server.stderr).on("line", (line) => {
      if (line.startsWith('{"error"')) complaints.push(line);
      else process.stderr.write(`${line}\n`);
    });
    server.once("close", () => {
      const refusal = complaints[0] ? JSON.parse(complaints[0]) : null;
      if (refusal?.url) return resolve({ kind: "ready", url: refusal.url });
      const { message = "The server ended before it was ready.", hint } = refusal?.error ?? {};
      resolve({ kind: "refused", sentence: hint ? `${message} ${hint}` : message });
    });
  });
}
