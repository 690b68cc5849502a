import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { LaunchOptions, Page, PlaywrightWorkerArgs, ViewportSize } from "@playwright/test";
import { cliProgram } from "./app-access.ts";
import type { AppHome } from "./app-home.ts";

export interface LaunchedWeb extends AsyncDisposable {
  readonly page: Page;
  readonly origin: string;
  readonly electron: null;
}

/** `switchyard serve`, and its link opened in a browser. */
export async function launchWeb(options: {
  readonly home: AppHome;
  readonly playwright: PlaywrightWorkerArgs["playwright"];
  readonly launchOptions: LaunchOptions;
  readonly viewport: ViewportSize | null | undefined;
}): Promise<LaunchedWeb> {
  await using started = new AsyncDisposableStack();
  const server = started.use(await startServer(options.home));
  const browser = await options.playwright.chromium.launch(options.launchOptions);
  started.defer(() => browser.close());
  const context = await browser.newContext({ viewport: options.viewport ?? null });
  const page = await context.newPage();
  await page.goto(server.url);
  const all = started.move();
  return {
    page,
    origin: new URL(server.url).origin,
    electron: null,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** `switchyard serve` without a window, until it is disposed of; its sessions go on. */
export async function startServer(
  home: AppHome,
): Promise<AsyncDisposable & { readonly url: string }> {
  const child = spawn(process.execPath, [cliProgram, "serve", "--json", "--no-open"], {
    env: { ...home.env },
    cwd: home.workFolder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let complaints = "";
  child.stderr.on("data", (data) => {
    complaints += data;
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once("line", resolve);
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`serve ended with ${code}: ${complaints}`)));
  });
  const { url } = JSON.parse(line) as { url: string };
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
