import { statSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Browser, Page } from "@playwright/test";
import { connectClient } from "../e2e/app-access.ts";
import { type AppHome, createAppHome } from "../e2e/app-home.ts";
import { hostPid } from "../e2e/faults/tools/processes.ts";
import { writeWorker } from "../e2e/worker-programs.ts";
import { dataFolder } from "../electron/core/base/data-folder.ts";
import type { AppContract } from "../shared/contract/app-contract.ts";
import type { Client } from "../shared/contract/rpc.ts";
import type { SessionId } from "../shared/model/ids.ts";
import { type GRID_SIZES, usualLayout, usualLayouts } from "../shared/model/layouts.ts";
import { makeRepository } from "./make-repository.ts";
import { startCore } from "./open-app.ts";
import { openBrowser } from "./open-browser.ts";
import { openProgramControl, type ProgramControl } from "./program-control.ts";
import { readMemory } from "./read-memory.ts";

export const SESSIONS = 25;
/** In which 25 panes are wide enough to be read. */
export const LARGE_WINDOW = { width: 2560, height: 1440 };
const PROFILES = ["max-1", "max-2", "max-3", "pro-1", "pro-2"];
const START_LIMIT_MS = 600_000;
const VIEW_LIMIT_MS = 120_000;
const LOG_LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 50;
const BODY = `exec "$BENCH_NODE" "$BENCH_PROGRAM" "$@"`;

/** 25 sessions of programs that print at the pace they are told, with a browser to look at them. Disposal ends them. */
export interface TerminalFleet extends AsyncDisposable {
  readonly browser: Browser;
  readonly control: ProgramControl;
  readonly sessions: readonly SessionId[];
  /** Of the terminal host before it had a session, and now. */
  readonly emptyHostMb: number;
  hostMb(): number;
  /** A window with so many panes in view, while `work` lasts. */
  inWindow<T>(panes: (typeof GRID_SIZES)[number], work: (page: Page) => Promise<T>): Promise<T>;
  /** Bytes that the programs printed and that are not in the sessions' logs, once those had time to take them. */
  countMissing(): Promise<number>;
}

export async function openTerminalFleet(signal: AbortSignal): Promise<TerminalFleet> {
  await using opening = new AsyncDisposableStack();
  const home = opening.use(await createAppHome({}));
  const control = opening.use(await openProgramControl(home.workFolder));
  const core = opening.use(await startCore(home));
  const browser = opening.use(await openBrowser());
  const { client } = opening.use(await connectClient(home.folder));
  const hostMb = () => readMemory([hostPid(home) ?? Number.NaN]);
  const emptyHostMb = hostMb();
  await startSessions(home, client, control);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(START_LIMIT_MS)]);
  const sessions = await control.untilStarted(SESSIONS, limit);
  const opened = opening.move();
  return {
    browser,
    control,
    sessions,
    emptyHostMb,
    hostMb,
    async inWindow(panes, work) {
      const layout = { ...usualLayout, shape: { kind: "grid", panes } } as const;
      const layouts = { ...usualLayouts, tabs: [{ name: "All", layout }] };
      await client.call("window.keep-layouts", { layouts });
      const context = await browser.newContext({ viewport: LARGE_WINDOW });
      try {
        const page = await context.newPage();
        page.setDefaultTimeout(VIEW_LIMIT_MS);
        await page.goto(await core.link());
        await page.waitForFunction(arePainted, panes);
        return await work(page);
      } finally {
        await context.close();
      }
    },
    countMissing: () => countMissing(home, control, sessions),
    async [Symbol.asyncDispose]() {
      await home.endApp(client);
      await opened.disposeAsync();
    },
  };
}

async function startSessions(
  home: AppHome,
  client: Client<AppContract>,
  control: ProgramControl,
): Promise<void> {
  const executable = writeWorker(home.workFolder, "paced", BODY);
  const env = {
    BENCH_NODE: process.execPath,
    BENCH_PROGRAM: path.join(import.meta.dirname, "paced-program.ts"),
    BENCH_CONTROL: control.address,
  };
  const project = "terminals";
  const place = { path: makeRepository(home.workFolder, project), name: project };
  await client.call("project.add", { ...place, maxWorkers: SESSIONS, withoutChecks: true });
  const cap = SESSIONS / PROFILES.length;
  for (const name of PROFILES)
    await client.call("profile.add", { name, plan: "custom", cap, executable, env });
  for (let n = 1; n <= SESSIONS; n++)
    await client.call("task.create", { project, title: `Print ${n}` });
}

/** Runs in the page. */
function arePainted(panes: number): boolean {
  const shown = [...document.querySelectorAll("section[data-session] .xterm-rows")];
  return shown.length >= panes && shown.every((rows) => rows.textContent?.trim());
}

async function countMissing(
  home: AppHome,
  control: ProgramControl,
  sessions: readonly SessionId[],
): Promise<number> {
  const folder = dataFolder(home.folder);
  const reports = await control.tell(sessions, {});
  const count = () =>
    reports.reduce((sum, { session, written }) => {
      const { size } = statSync(path.join(folder.sessionDir(session), "output.log"));
      return sum + Math.abs(written - size);
    }, 0);
  // The file system tells of no growth worth relying on, so the sizes are asked for.
  for (const endMs = performance.now() + LOG_LIMIT_MS; performance.now() < endMs; ) {
    if (count() === 0) return 0;
    await delay(LOOK_EVERY_MS);
  }
  return count();
}
