import path from "node:path";
import type { Browser } from "@playwright/test";
import { connectClient } from "../e2e/app-access.ts";
import { type AppHome, createAppHome } from "../e2e/app-home.ts";
import { writeWorker } from "../e2e/worker-programs.ts";
import { makeRepository } from "./make-repository.ts";
import { type Bench, figure, wanted } from "./measure.ts";
import { startCore } from "./open-app.ts";
import { openBrowser, WINDOW } from "./open-browser.ts";
import { openView } from "./view.ts";

const SESSIONS = 25;
const LINES = 3_000;
const RUNS = 7;
const START_LIMIT_MS = 120_000;
const VIEW_LIMIT_MS = 30_000;

/** Says that it is there, as a provider's first hook does, and prints its history; then it waits for what never comes. */
const BODY = `"$BENCH_NODE" "$BENCH_HISTORY" "$@"
exec sleep 3600`;

/** Milliseconds from opening the page. */
interface ViewTimes {
  /** The core's own start, until it was ready to serve the page. */
  readonly coreReady: number;
  readonly usable: number;
  readonly allPainted: number;
}

/** How long a window takes to be usable with 25 sessions to restore after a restart of the core, beside an empty one. */
export const firstView: Bench = {
  name: "terminal-first-view",
  async run({ note, signal }) {
    await using full = await createAppHome({});
    await using empty = await createAppHome({});
    await using browser = await openBrowser();
    const limit = AbortSignal.any([signal, AbortSignal.timeout(START_LIMIT_MS)]);
    try {
      note(`starting ${SESSIONS} sessions`);
      await startSessions(full, limit);
      const restored: ViewTimes[] = [];
      const blank: ViewTimes[] = [];
      for (let run = 0; run <= RUNS; run++) {
        note(`run ${run} of ${RUNS}`);
        signal.throwIfAborted();
        const one = await timeView(full, browser, SESSIONS);
        const other = await timeView(empty, browser, 0);
        if (run === 0) continue;
        restored.push(one);
        blank.push(other);
      }
      const compare = (what: string, key: keyof ViewTimes) =>
        figure(
          what,
          "ms",
          restored.map((each) => each[key]),
          { what: "empty data folder", runs: blank.map((each) => each[key]) },
        );
      const beyond = restored.map(({ usable }, run) => usable - (blank[run]?.usable ?? Number.NaN));
      return [
        compare(`core started, ${SESSIONS} sessions to restore`, "coreReady"),
        compare(`page opened to usable, ${SESSIONS} sessions`, "usable"),
        wanted(figure("usable, beyond an empty window", "ms", beyond), "median", "at most", 400),
        compare(`page opened to every pane painted, ${SESSIONS} sessions`, "allPainted"),
      ];
    } finally {
      await endSessions(full);
    }
  },
};

/** A profile takes its sessions one after another, so each session gets a profile of its own. */
async function startSessions(home: AppHome, signal: AbortSignal): Promise<void> {
  await using _core = await startCore(home);
  await using connection = await connectClient(home.folder);
  const { client } = connection;
  const view = await openView(client);
  const program = writeWorker(home.workFolder, "history", BODY);
  const env = {
    BENCH_NODE: process.execPath,
    BENCH_HISTORY: path.join(import.meta.dirname, "print-history.ts"),
    BENCH_LINES: String(LINES),
  };
  const repository = makeRepository(home.workFolder, "restored");
  const project = "restored";
  const place = { path: repository, name: project, maxWorkers: SESSIONS };
  await client.call("project.add", { ...place, withoutChecks: true });
  for (const name of PROFILES)
    await client.call("profile.add", { name, plan: "custom", cap: 5, executable: program, env });
  for (let n = 1; n <= SESSIONS; n++)
    await client.call("task.create", { project, title: `Restore ${n}` });
  await view.until(() => {
    const told = [...view.sessions.values()].filter(({ evidence }) =>
      evidence.some((each) => each.signal.startsWith("hook:")),
    );
    return told.length === SESSIONS ? told : null;
  }, signal);
}

const PROFILES = ["max-1", "max-2", "max-3", "pro-1", "pro-2"];

async function timeView(home: AppHome, browser: Browser, panes: number): Promise<ViewTimes> {
  const startedAt = performance.now();
  await using core = await startCore(home);
  const coreReady = performance.now() - startedAt;
  const context = await browser.newContext({ viewport: WINDOW });
  try {
    const page = await context.newPage();
    await page.addInitScript(noteFirstView, panes);
    await page.goto(await core.link());
    const handle = await page.waitForFunction(
      () => {
        const { benchView } = window as Window & { benchView?: NotedView };
        return benchView?.allPainted === undefined ? null : benchView;
      },
      null,
      { timeout: VIEW_LIMIT_MS },
    );
    const noted = (await handle.jsonValue()) as Required<NotedView>;
    return { coreReady, ...noted };
  } finally {
    await context.close();
  }
}

interface NotedView {
  usable?: number;
  allPainted?: number;
}

/** Runs in the page before anything else of it: looks with every frame, and notes the frame after the one that has it all. */
function noteFirstView(panes: number): void {
  const noted: NotedView = {};
  Object.assign(window, { benchView: noted });
  const isPainted = (pane: Element | null | undefined) =>
    Boolean(pane?.querySelector(".xterm-rows")?.textContent?.trim());
  const isEmptyWindowThere = () =>
    Boolean(document.querySelector("main:not([aria-busy])")?.textContent?.trim());
  const look = () => {
    const placed = [...document.querySelectorAll("section[data-session]")];
    const isPlaced = placed.length === panes && (panes > 0 || isEmptyWindowThere());
    const focused = document.querySelector("section[data-focused=true]") ?? placed[0];
    const inView = placed.filter((pane) => pane.getBoundingClientRect().top < innerHeight);
    const now = performance.now();
    if (isPlaced && (panes === 0 || isPainted(focused))) noted.usable ??= now;
    if (noted.usable !== undefined && inView.every(isPainted)) noted.allPainted ??= now;
    if (noted.allPainted === undefined) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** The home's own disposal ends the processes that hold it; the sessions are ended in order before. */
async function endSessions(home: AppHome): Promise<void> {
  await using _core = await startCore(home);
  await using connection = await connectClient(home.folder);
  await home.endApp(connection.client);
}
