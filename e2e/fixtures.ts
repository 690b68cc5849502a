import { test as base, type ElectronApplication, type Page } from "@playwright/test";
import type { AppContract } from "../shared/contract/app-contract.ts";
import type { Client } from "../shared/contract/rpc.ts";
import { type CliAnswer, connectClient, runCli } from "./app-access.ts";
import { createAppHome } from "./app-home.ts";
import { describeMissingElectron, launchElectron } from "./launch-electron.ts";
import { launchWeb } from "./launch-web.ts";

export type Shell = "web" | "electron-double" | "electron";

/** A real app on a data folder of its own, with its window open. Everything of it is gone when the test ends. */
export interface RunningApp {
  readonly page: Page;
  readonly home: string;
  /** A folder for the test's repositories, removed with the rest. */
  readonly workFolder: string;
  /** What the app and the command line run with: nothing of the person who runs the tests. */
  readonly env: Readonly<Record<string, string>>;
  /** The core, over its socket. */
  readonly client: Client<AppContract>;
  /** The built command line against this app, with --json. */
  cli(...args: readonly string[]): Promise<CliAnswer>;
  /** The web shell's own address; null in the desktop shell. */
  readonly origin: string | null;
  /** Null in the web shell. */
  readonly electron: ElectronApplication | null;
}

interface ShellOptions {
  readonly shell: Shell;
  /** Added to the environment of the app, e.g. where the scripted model listens. */
  readonly appEnv: Readonly<Record<string, string>>;
}

export const test = base.extend<ShellOptions & { app: RunningApp }>({
  shell: ["web", { option: true }],
  appEnv: [{}, { option: true }],
  app: async ({ shell, appEnv, playwright, launchOptions, viewport }, use, testInfo) => {
    const missing = shell === "electron" ? describeMissingElectron() : null;
    testInfo.skip(missing !== null, missing ?? "");
    await using home = await createAppHome(appEnv);
    await using launched =
      shell === "web"
        ? await launchWeb({ home, playwright, launchOptions, viewport })
        : await launchElectron({ home, isDouble: shell === "electron-double" });
    await using connected = await connectClient(home.folder);
    const { page, origin, electron } = launched;
    await use({
      page,
      origin,
      electron,
      home: home.folder,
      workFolder: home.workFolder,
      env: home.env,
      client: connected.client,
      cli: (...args) => runCli(home, args),
    });
    await home.endApp(connected.client);
  },
});

export { expect } from "@playwright/test";
