import { readFileSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "@playwright/test";
import { connectClient } from "../e2e/app-access.ts";
import { type AppHome, createAppHome } from "../e2e/app-home.ts";
import { hostPid } from "../e2e/faults/tools/processes.ts";
import { startCore } from "../e2e/running-core.ts";
import { TAKE_MESSAGE, writeWorker } from "../e2e/worker-programs.ts";
import { dataFolder } from "../electron/core/base/data-folder.ts";
import { unpackTerminalFrame } from "../shared/contract/terminal-frame.ts";
import type { SessionId } from "../shared/model/ids.ts";
import { makeRepository } from "./make-repository.ts";
import { type Bench, type Figure, figure, percentile99Of } from "./measure.ts";
import { openBrowser, WINDOW } from "./open-browser.ts";
import { readMemory as readMemoryOf } from "./read-memory.ts";
import { openView } from "./view.ts";

const SESSIONS = 25;
const CAP = 5;
const PROFILES = ["max-1", "max-2", "max-3", "pro-1", "pro-2"];
const SIGNALS = 200;
const KILLS = 7;
const START_LIMIT_MS = 180_000;
const SHOWN_LIMIT_MS = 10_000;
const SETTLE_MS = 3_000;

/** Says that it took its first message and prints a line; then it waits for what never comes. */
const BODY = `${TAKE_MESSAGE}
echo here
exec sleep 3600`;

/** What outliving everything costs: from a signal to the screen, from a killed core to every pane, and memory for each session. */
export const outliving: Bench = {
  name: "outliving",
  async run({ note, signal }) {
    await using home = await createAppHome({});
    const limit = AbortSignal.any([signal, AbortSignal.timeout(START_LIMIT_MS)]);
    let core = await startCore(home);
    try {
      const empty = readMemory(home, core.pid);
      note(`starting ${SESSIONS} sessions`);
      const sessions = await startSessions(home, limit);
      await wait(SETTLE_MS);
      const full = readMemory(home, core.pid);
      note(`${SIGNALS} signals`);
      const shown = await timeSignals(home, sessions);
      const usable: number[] = [];
      for (let kill = 1; kill <= KILLS; kill += 1) {
        signal.throwIfAborted();
        note(`kill ${kill} of ${KILLS}`);
        const startedAt = performance.now();
        core.kill();
        await core.ended;
        core = await startCore(home);
        await attachAll(home, sessions);
        usable.push(performance.now() - startedAt);
      }
      return [
        figure("hook posted to its state shown in the window", "ms", shown),
        figure("the same, 99th percentile", "ms", [percentile99Of(shown)]),
        figure(`core killed to every pane live again, ${SESSIONS} sessions`, "ms", usable),
        ...memoryFigures(empty, full),
      ];
    } finally {
      // Where no core answers any more, the home's own disposal ends what holds it.
      const connection = await connectClient(home.folder).catch(() => null);
      if (connection) await home.endApp(connection.client);
      await connection?.[Symbol.asyncDispose]();
    }
  },
};

async function startSessions(home: AppHome, signal: AbortSignal): Promise<readonly SessionId[]> {
  await using connection = await connectClient(home.folder);
  const { client } = connection;
  const view = await openView(client);
  const executable = writeWorker(home.workFolder, "waiting", BODY);
  const project = "outliving";
  const place = { path: makeRepository(home.workFolder, project), name: project };
  await client.call("project.add", { ...place, maxWorkers: SESSIONS, withoutChecks: true });
  for (const name of PROFILES)
    await client.call("profile.add", { name, plan: "custom", cap: CAP, executable });
  for (let n = 1; n <= SESSIONS; n += 1)
    await client.call("task.create", { project, title: `Wait ${n}` });
  return await view.until(() => {
    const working = [...view.sessions.values()].filter(({ state }) => state === "working");
    return working.length === SESSIONS ? working.map(({ id }) => id) : null;
  }, signal);
}

/** Ends a turn and begins another, again and again, and looks in the page when its pane says so. */
async function timeSignals(
  home: AppHome,
  sessions: readonly SessionId[],
): Promise<readonly number[]> {
  const [session] = sessions;
  if (!session) throw new Error("no session to send signals for");
  const browser = await openBrowser();
  try {
    const page = await openWindow(home, browser);
    await page.locator(`section[data-session="${session}"]`).waitFor();
    const url = hookUrl(home, session);
    const times: number[] = [];
    for (let n = 0; n < SIGNALS; n += 1) {
      const isEnd = n % 2 === 0;
      const seen = page.evaluate(seeState, {
        session,
        state: isEnd ? "idle|needs" : "working",
        limitMs: SHOWN_LIMIT_MS,
      });
      const body = isEnd
        ? { hook_event_name: "Stop" }
        : { hook_event_name: "UserPromptSubmit", prompt: "go on" };
      // The observer is in place once the page has had a frame.
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      const postedAt = Date.now();
      await fetch(url, { method: "POST", body: JSON.stringify(body) });
      times.push((await seen) - postedAt);
    }
    return times;
  } finally {
    await browser.close();
  }
}

/** Runs in the page. Milliseconds since 1970 at which the pane's head says it. */
function seeState(asked: { session: string; state: string; limitMs: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    const pane = document.querySelector(`section[data-session="${asked.session}"] header`);
    if (!pane) return reject(new Error("the pane has no head"));
    const pattern = new RegExp(asked.state, "i");
    const observer = new MutationObserver(() => look());
    const look = () => {
      if (!pattern.test(pane.textContent ?? "")) return;
      observer.disconnect();
      resolve(Date.now());
    };
    observer.observe(pane, { subtree: true, childList: true, characterData: true });
    setTimeout(() => reject(new Error(`not shown: ${pane.textContent}`)), asked.limitMs);
    look();
  });
}

async function openWindow(home: AppHome, browser: Browser): Promise<Page> {
  await using connection = await connectClient(home.folder);
  const { url } = await connection.client.call("app.link", {});
  if (url === null) throw new Error("serve offers no link to its window");
  const context = await browser.newContext({ viewport: WINDOW });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** Resolves once every session has given its screen to a new window. */
async function attachAll(home: AppHome, sessions: readonly SessionId[]): Promise<void> {
  await using connection = await connectClient(home.folder);
  const { client } = connection;
  await Promise.all(
    sessions.map(async (session) => {
      const { stream } = await client.call("terminal.attach", { session, isFocused: false });
      await new Promise<void>((resolve) => {
        client.onStream(stream, (packed) => {
          if (unpackTerminalFrame(packed)?.kind === "snapshot") resolve();
        });
      });
    }),
  );
}

interface Memory {
  readonly core: number;
  readonly host: number;
}

/** Null where the system does not tell. */
function readMemory(home: AppHome, core: number): Memory | null {
  const host = hostPid(home);
  if (process.platform !== "linux" || host === null) return null;
  return { core: readMemoryOf([core]), host: readMemoryOf([host]) };
}

function memoryFigures(empty: Memory | null, full: Memory | null): readonly Figure[] {
  if (!empty || !full) return [];
  return [
    figure(`core's memory for each of ${SESSIONS} sessions`, "MB", [
      (full.core - empty.core) / SESSIONS,
    ]),
    figure(`terminal host's memory for each of ${SESSIONS} sessions`, "MB", [
      (full.host - empty.host) / SESSIONS,
    ]),
  ];
}

function hookUrl(home: AppHome, session: SessionId): string {
  const file = path.join(dataFolder(home.folder).sessionDir(session), "settings.json");
  // Written by the app itself, for this session.
  const { hooks } = JSON.parse(readFileSync(file, "utf8")) as {
    hooks: Record<string, { hooks: { url: string }[] }[]>;
  };
  const url = hooks.Stop?.[0]?.hooks[0]?.url;
  if (!url) throw new Error(`${file} names no address for hooks`);
  return url;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
