import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataFolder } from "../electron/core/base/data-folder.ts";
import { connectSocket } from "../electron/core/base/socket-wire.ts";
import { type AppContract, appContract } from "../shared/contract/app-contract.ts";
import { HOST_PROTOCOL, hostContract } from "../shared/contract/host-contract.ts";
import { type Client, createClient } from "../shared/contract/rpc.ts";
import { type Demo, prepareDemo } from "./prepare-demo.ts";
import { type DemoOutcome, runDemo } from "./run-demo.ts";

/** The app tells nobody outside it that it has come up, so its socket is tried this often. */
const RETRY_MS = 100;

/** A demo in a folder of its own, for an app that is started with `home` as its data folder. */
export interface OpenDemo extends AsyncDisposable {
  readonly home: string;
  /** Waits for the app, sets everything up in it and follows the plan to its end. */
  play(onProgress: (line: string) => void, signal: AbortSignal): Promise<DemoOutcome>;
  /** Ends the app, its sessions and its terminal host. */
  stopApp(): Promise<void>;
}

/** Disposing it ends what is left of the sessions and removes the folder. */
export async function openDemo(): Promise<OpenDemo> {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-demo-"));
  const home = join(folder, "data");
  const demo = await prepareDemo({ folder });
  return {
    home,
    async play(onProgress, signal) {
      const client = await connectWhenUp(home, signal);
      try {
        return await runDemo({ client, demo, onProgress, signal });
      } finally {
        client.close();
      }
    },
    async stopApp() {
      const client = createClient(appContract, await connectSocket(dataFolder(home).coreSocket));
      await client.call("app.stop", { keepSessions: false });
      client.close();
    },
    [Symbol.asyncDispose]: () => clearAway(home, folder, demo),
  };
}

async function connectWhenUp(home: string, signal: AbortSignal): Promise<Client<AppContract>> {
  for (;;) {
    signal.throwIfAborted();
    const wire = await connectSocket(dataFolder(home).coreSocket).catch(() => null);
    if (wire) return createClient(appContract, wire);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

async function clearAway(home: string, folder: string, demo: Demo): Promise<void> {
  const wire = await connectSocket(dataFolder(home).hostSocket(HOST_PROTOCOL)).catch(() => null);
  if (wire) {
    const host = createClient(hostContract, wire);
    const rows = await host.call("list", {});
    await Promise.all(
      rows.map((row) => host.call("stop", { session: row.session, graceMs: 1000 })),
    );
    await Promise.all(rows.map((row) => host.call("forget", { session: row.session })));
    await host.call("shutdown", {}).catch(() => undefined);
  }
  await demo[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
