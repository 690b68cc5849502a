import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type AppContract, appContract } from "../../shared/contract/app-contract.ts";
import { type Client, createClient } from "../../shared/contract/rpc.ts";
import { systemClock } from "./base/clock.ts";
import { dataFolder } from "./base/data-folder.ts";
import { isAlive } from "./base/process-identity.ts";
import { connectSocket } from "./base/socket-wire.ts";
import { endMarked } from "./process/sweep-marked.ts";

/*
 * For tests only: a whole core in a process of its own, which kills itself right after one of its transactions. Which one it is counts
 * from its start, or from when a file `kill-at` in its data folder names it.
 */

const at = (file: string) => new URL(file, import.meta.url);
const CORE = `
  import { existsSync, readFileSync } from "node:fs";
  import Database from "better-sqlite3";
  import { startCore } from ${JSON.stringify(at("./start-core.ts").href)};
  const { KILL_AT, CORE_HOME } = process.env;
  let commits = 0;
  let killAt = KILL_AT;
  const transaction = Database.prototype.transaction;
  Database.prototype.transaction = function (work) {
    const made = transaction.call(this, work);
    const counted = (run) => (...args) => {
      const result = run(...args);
      if (killAt === "0" && existsSync(CORE_HOME + "/kill-at")) killAt = readFileSync(CORE_HOME + "/kill-at", "utf8");
      if (killAt !== "0") commits += 1;
      if (killAt !== "0" && String(commits) === killAt) process.kill(process.pid, "SIGKILL");
      return result;
    };
    return Object.assign(counted(made), { immediate: counted(made.immediate) });
  };
  const node = { file: process.execPath, env: {} };
  const core = await startCore({
    home: CORE_HOME,
    shell: "web",
    version: "0.0.0",
    nodeProgram: node,
    hostProgram: { ...node, args: [${JSON.stringify(at("../terminal-host/main.ts").pathname)}] },
    signalShim: ${JSON.stringify(at("./provider/claude/signal-shim.ts").pathname)},
    gateShim: "",
    cliProgram: "",
  });
  await core.recovered;
  console.log("ready");
`;

/** `killAt` 0: at none, until the file says so. */
export function startCoreChild(home: string, killAt: number): ChildProcess {
  return spawn(process.execPath, ["--input-type=module", "-e", CORE], {
    env: {
      PATH: process.env.PATH,
      HOME: join(home, ".."),
      CORE_HOME: home,
      KILL_AT: String(killAt),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Resolves to whether it came up; it did not when it was killed before. */
export async function comesUp(child: ChildProcess): Promise<boolean> {
  if (!child.stdout) throw new Error("its output goes nowhere");
  const lines = createInterface(child.stdout);
  const ready = once(lines, "line").then(() => true);
  const gone = once(child, "exit").then(() => false);
  return Promise.race([ready, gone]);
}

export async function killCore(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

export async function connectCore(home: string): Promise<Client<AppContract>> {
  return createClient(appContract, await connectSocket(dataFolder(home).coreSocket));
}

/** Nothing is left to end when all went well. */
export async function endHostOf(home: string): Promise<void> {
  const { hostFile } = dataFolder(home);
  const host = existsSync(hostFile) && JSON.parse(readFileSync(hostFile, "utf8"));
  if (host && isAlive(host)) process.kill(host.pid, "SIGKILL");
  await endMarked({ SWITCHYARD_HOME: home }, systemClock, new AbortController().signal);
}
