import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { cliProgram } from "./app-access.ts";
import type { AppHome } from "./app-home.ts";

/** `switchyard serve` in a process of its own. Disposal asks it to end; its sessions go on. */
export interface RunningCore extends AsyncDisposable {
  readonly pid: number;
  readonly ended: Promise<void>;
  /** The end of what it wrote to standard error. */
  lastWords(): string;
  kill(): void;
}

export interface CoreOptions {
  /** Added to its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** For Node itself, before the program. */
  readonly nodeArgs?: readonly string[];
  /** What runs it, e.g. `["prlimit", "--nofile=64"]`. */
  readonly under?: readonly string[];
}

/** Resolves once it takes calls; rejects when it ends before that. */
export async function startCore(home: AppHome, options: CoreOptions = {}): Promise<RunningCore> {
  const serve = [cliProgram, "serve", "--json", "--no-open"];
  const [program = "", ...args] = [
    ...(options.under ?? []),
    process.execPath,
    ...(options.nodeArgs ?? []),
    ...serve,
  ];
  const child = spawn(program, args, {
    env: { ...home.env, ...options.env },
    cwd: home.workFolder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-4000);
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stdout).once("line", () => resolve());
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`serve ended with ${code}: ${said}`)));
  });
  return {
    pid: child.pid ?? 0,
    ended,
    lastWords: () => said,
    kill: () => void child.kill("SIGKILL"),
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
