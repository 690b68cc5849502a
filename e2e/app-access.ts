import { execFile } from "node:child_process";
import path from "node:path";
import { dataFolder } from "../electron/core/base/data-folder.ts";
import { connectSocket } from "../electron/core/base/socket-wire.ts";
import { type AppContract, appContract } from "../shared/contract/app-contract.ts";
import { type Client, createClient } from "../shared/contract/rpc.ts";
import type { AppHome } from "./app-home.ts";

const bundles = path.resolve(import.meta.dirname, "../dist/electron");
export const cliProgram = path.join(bundles, "cli.cjs");
const CLI_LIMIT_MS = 60_000;

export interface CliAnswer {
  readonly exitCode: number;
  /** Standard output as the one document it promises to be; undefined when there was none. */
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts on the document's shape, which differs with every command.
  readonly json: any;
  readonly stdout: string;
  readonly stderr: string;
}

export function runCli(home: AppHome, args: readonly string[]): Promise<CliAnswer> {
  return runPlainCli(home, ["--json", ...args]);
}

/** As a person types it: what it says is for reading. */
export function runPlainCli(home: AppHome, args: readonly string[]): Promise<CliAnswer> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [cliProgram, ...args],
      { env: { ...home.env }, cwd: home.workFolder, timeout: CLI_LIMIT_MS, maxBuffer: 64 << 20 },
      (error, stdout, stderr) => {
        // A number is the exit code; a word says that it could not be run, a signal that it took too long.
        const exitCode = error ? error.code : 0;
        if (typeof exitCode !== "number") return reject(error);
        resolve({ exitCode, json: parseDocument(stdout), stdout, stderr });
      },
    );
  });
}

export async function connectClient(
  home: string,
): Promise<AsyncDisposable & { readonly client: Client<AppContract> }> {
  const client = createClient(appContract, await connectSocket(dataFolder(home).coreSocket));
  return { client, [Symbol.asyncDispose]: async () => client.close() };
}

function parseDocument(stdout: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}
