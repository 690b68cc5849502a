import { spawn } from "node:child_process";
import { endWith } from "./end-with.mjs";
import { projectFolder } from "./project-folder.mjs";

/**
 * @param {string} file Electron's executable
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} its exit code
 */
export function runElectron(file, args, env) {
  process.stderr.write("Starting Switchyard in Electron.\n");
  const { ELECTRON_RUN_AS_NODE: _, ...windowEnv } = env;
  // Chromium refuses to run its sandbox as root; without this flag nothing would open there.
  const isRoot = process.platform === "linux" && process.getuid?.() === 0;
  const flags = isRoot ? ["--no-sandbox"] : [];
  const child = spawn(file, [projectFolder, ...flags, ...args], {
    stdio: "inherit",
    env: windowEnv,
  });
  return endWith(child);
}
