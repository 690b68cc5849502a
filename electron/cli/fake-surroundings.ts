import { type AppContract, appContract } from "../../shared/contract/app-contract.ts";
import { createClient, type Handlers, type Peer, serveWire } from "../../shared/contract/rpc.ts";
import { createWirePair } from "../../shared/contract/wire.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { runCli } from "./run-cli.ts";
import type { LocalTerminal, Need, ServeOptions, Surroundings } from "./surroundings.ts";

interface FakeApp {
  /** The calls this core knows; any other is refused. */
  readonly handlers?: Partial<Handlers<AppContract>>;
  readonly isRunning?: boolean;
  readonly onConnect?: (peer: Peer<AppContract>) => void;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly terminal?: LocalTerminal;
  /** Standard output is a terminal; else it is read by a program. */
  readonly isScreen?: boolean;
  /** Runs a person's command; without it every one ends well. */
  readonly runAttached?: Surroundings["runAttached"];
}

interface Outcome {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
  readonly needs: readonly Need[];
  readonly served: readonly ServeOptions[];
  /** Standard output as the one JSON document it promises to be. */
  json(): unknown;
}

/** Runs the real command line, through the real contract, against a core made of `handlers`. */
export async function runAgainst(app: FakeApp, ...args: readonly string[]): Promise<Outcome> {
  const { isRunning = true } = app;
  const out: Buffer[] = [];
  const needs: Need[] = [];
  const served: ServeOptions[] = [];
  let err = "";
  const exitCode = await runCli(args, {
    cwd: "/work/app/src",
    env: { HOME: "/home/person", ...app.env },
    terminal: app.terminal ?? null,
    isScreen: app.isScreen ?? false,
    print: async (output) => void out.push(Buffer.from(output)),
    complain: (text) => {
      err += text;
    },
    async readFile(file) {
      const text = app.files?.[file];
      if (text === undefined) throw new Error(`no file ${file}`);
      return text;
    },
    async openCore(_home, need) {
      needs.push(need);
      if (need === "app" && !isRunning) throw new SwitchyardError("needs-app", "Not running.");
      const [ours, theirs] = createWirePair();
      const peer = serveWire(appContract, theirs, withRefusals(app.handlers ?? {}));
      app.onConnect?.(peer);
      const client = createClient(appContract, ours);
      return { client, isApp: isRunning, [Symbol.asyncDispose]: async () => client.close() };
    },
    runAttached: app.runAttached ?? (async () => ({ exitCode: 0, problem: null })),
    async serve(options) {
      served.push(options);
      return 0;
    },
  });
  const text = Buffer.concat(out).toString();
  return { exitCode, out: text, err, needs, served, json: () => JSON.parse(text) };
}

function withRefusals(handlers: Partial<Handlers<AppContract>>): Handlers<AppContract> {
  const refuse = (name: string) => () => {
    throw new SwitchyardError("not-found", `The test answers no ${name}.`);
  };
  const all = Object.keys(appContract.calls).map((name) => [name, refuse(name)]);
  // Every call of the contract is a key, each with a function that may throw.
  return { ...(Object.fromEntries(all) as Handlers<AppContract>), ...handlers };
}
