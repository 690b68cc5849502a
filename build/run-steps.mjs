import { spawn } from "node:child_process";
import path from "node:path";
import { endWith } from "./end-with.mjs";
import { projectFolder } from "./project-folder.mjs";

/**
 * One thing to find out about the project. `needs` names the step without whose success this one means nothing.
 *
 * @typedef {{ name: string, command: readonly string[], env?: NodeJS.ProcessEnv, needs?: string }} Step
 * @typedef {{ name: string, isGood: boolean }} Outcome
 */

/**
 * Runs every step, also after one has failed: a person wants the whole list of what is wrong.
 *
 * @param {readonly Step[]} steps
 * @returns {Promise<readonly Outcome[]>}
 */
export async function runSteps(steps) {
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const step of steps) {
    const needed = outcomes.find((outcome) => outcome.name === step.needs);
    if (needed && !needed.isGood) {
      process.stdout.write(`\n── ${step.name}: left out, because ${needed.name} failed\n`);
      outcomes.push({ name: step.name, isGood: false });
      continue;
    }
    process.stdout.write(`\n── ${step.name}\n`);
    const startedAt = performance.now();
    const isGood = (await runStep(step)) === 0;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    process.stdout.write(`── ${step.name}: ${isGood ? "good" : "FAILED"} (${seconds} s)\n`);
    outcomes.push({ name: step.name, isGood });
  }
  return outcomes;
}

/** @param {Step} step */
function runStep({ command: [name = "", ...args], env }) {
  const tools = path.join(projectFolder, "node_modules/.bin");
  const child = spawn(name, args, {
    cwd: projectFolder,
    stdio: "inherit",
    shell: process.platform === "win32",
    // The tools' own first lines ask for `node`: it must be the one that runs this script, not the system's.
    env: {
      ...process.env,
      ...env,
      PATH: [tools, path.dirname(process.execPath), process.env.PATH].join(path.delimiter),
    },
  });
  return endWith(child);
}
