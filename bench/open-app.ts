import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { z } from "zod";
import { cliProgram, connectClient } from "../e2e/app-access.ts";
import { type AppHome, createAppHome } from "../e2e/app-home.ts";
import type { AppContract } from "../shared/contract/app-contract.ts";
import type { Client } from "../shared/contract/rpc.ts";
import { openView, type View } from "./view.ts";

/** The built app on a data folder of its own. Disposal ends it with its sessions and removes everything. */
export interface BenchApp extends AsyncDisposable {
  readonly home: AppHome;
  /** Over the core's socket, as the command line connects. */
  readonly client: Client<AppContract>;
  readonly view: View;
  /** A one-time link to the window. */
  link(): Promise<string>;
}

const Ready = z.object({ ready: z.literal(true) });

export async function openApp(): Promise<BenchApp> {
  await using opening = new AsyncDisposableStack();
  const home = opening.use(await createAppHome({}));
  const core = opening.use(await startCore(home));
  const { client } = opening.use(await connectClient(home.folder));
  const view = await openView(client);
  const opened = opening.move();
  return {
    home,
    client,
    view,
    link: core.link,
    async [Symbol.asyncDispose]() {
      await home.endApp(client);
      await opened.disposeAsync();
    },
  };
}

/** `switchyard serve` on `home`. Disposal stops the core alone: its sessions go on. */
export async function startCore(
  home: AppHome,
): Promise<AsyncDisposable & { link(): Promise<string> }> {
  const child = spawn(process.execPath, [cliProgram, "serve", "--json", "--no-open"], {
    env: { ...home.env },
    cwd: home.workFolder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  const line = await Promise.race([
    once(createInterface(child.stdout), "line"),
    ended.then(([code]) => Promise.reject(new Error(`serve ended with ${code}`))),
  ]);
  Ready.parse(JSON.parse(String(line[0])));
  return {
    async link() {
      await using connection = await connectClient(home.folder);
      const { url } = await connection.client.call("app.link", {});
      if (url === null) throw new Error("serve offers no link to its window");
      return url;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
