import type { Page } from "@playwright/test";
import type { SessionId } from "../shared/model/ids.ts";
import {
  type Bench,
  type BenchSurroundings,
  type Figure,
  figure,
  percentile99Of,
  wanted,
} from "./measure.ts";
import { openPlainTerminals } from "./plain-terminals.ts";
import type { ProgramReport } from "./program-control.ts";
import { readMemory } from "./read-memory.ts";
import { LARGE_WINDOW, openTerminalFleet, SESSIONS, type TerminalFleet } from "./terminal-fleet.ts";
import { timeKeys } from "./time-keys.ts";
import { listRenderers, type WindowCost, watchCost } from "./window-cost.ts";

const RUNS = 3;
const KEYS = 100;
const WATCH_MS = 8_000;
const FLOOD_MS = 5_000;
const FLOODING = 16;
const MB = 1_000_000;
const FILLED_LINES = 5_000;
const CC = { pace: { bytesPerSecond: 0 } };

/** What 25 live terminals cost a window and the terminal host, with real programs, host, core and browser. */
export const terminalWindow: Bench = {
  name: "terminal-window",
  async run(surroundings) {
    surroundings.note(`starting ${SESSIONS} sessions`);
    await using fleet = await openTerminalFleet(surroundings.signal);
    return [
      ...(await measurePainting(fleet, surroundings)),
      ...(await measureKeys(fleet, surroundings)),
      ...(await measureFloods(fleet, surroundings)),
      ...(await measureMemory(fleet, surroundings)),
      wanted(
        figure("bytes printed that no log has", "", [await fleet.countMissing()]),
        "every run",
        "at most",
        0,
      ),
    ];
  },
};

async function measurePainting(
  fleet: TerminalFleet,
  { note, signal }: BenchSurroundings,
): Promise<readonly Figure[]> {
  const { browser, control, sessions } = fleet;
  const watch = (panes: Parameters<TerminalFleet["inWindow"]>[0]) =>
    fleet.inWindow(panes, (page) => watchCost(browser, page, WATCH_MS));
  const [report] = await control.tell(sessions, CC);
  const figures: Figure[] = [];
  for (const panes of [1, 4, 16] as const) {
    note(`${panes} panes`);
    figures.push(...paintFigures(panes, [await watch(panes)]));
  }
  const runs: { all: WindowCost; few: WindowCost; plain: WindowCost }[] = [];
  for (let run = 1; run <= RUNS; run++) {
    signal.throwIfAborted();
    note(`25 and 9 panes, run ${run} of ${RUNS}`);
    await control.tell(sessions, CC);
    const all = await watch(25);
    const few = await watch(9);
    await control.tell(sessions, {});
    runs.push({ all, few, plain: await watchPlain(fleet, report) });
  }
  const cpu = (key: "all" | "few" | "plain") => runs.map((run) => run[key].cpu);
  return [
    ...figures,
    ...paintFigures(
      9,
      runs.map(({ few }) => few),
    ),
    ...paintFigures(
      25,
      runs.map(({ all }) => all),
    ),
    wanted(
      figure("25 panes: processor of the window", "cores", cpu("all"), {
        what: "25 plain terminals, painted as it comes",
        runs: cpu("plain"),
      }),
      "ratio",
      "at most",
      0.6,
    ),
    wanted(
      figure("16 of 25 out of sight: processor of the window", "cores", cpu("few"), {
        what: "25 panes in view",
        runs: cpu("all"),
      }),
      "ratio",
      "at most",
      0.5,
    ),
  ];
}

function paintFigures(panes: number, costs: readonly WindowCost[]): readonly Figure[] {
  const shown = panes === 1 ? "1 pane" : `${panes} panes`;
  const rate = figure(
    `${shown} of repaints, 10 a second`,
    "frames/s",
    costs.map(({ framesPerSecond }) => framesPerSecond),
  );
  const slowest = figure(
    `${shown}: 99th percentile of a frame`,
    "ms",
    costs.map(({ frame99Ms }) => frame99Ms),
  );
  if (panes !== SESSIONS) return [rate, slowest];
  return [wanted(rate, "median", "at least", 58), wanted(slowest, "median", "at most", 33)];
}

async function watchPlain(
  { browser }: TerminalFleet,
  report: ProgramReport | undefined,
): Promise<WindowCost> {
  const { cols = 60, rows = 14 } = report ?? {};
  const shape = { panes: SESSIONS, cols, rows, fontSize: 13, viewport: LARGE_WINDOW };
  const page = await openPlainTerminals(browser, shape);
  try {
    return await watchCost(browser, page, WATCH_MS);
  } finally {
    await page.context().close();
  }
}

/** In one pane, while the other 24 stand still, and while each prints 200 KB a second. */
async function measureKeys(
  fleet: TerminalFleet,
  { note, signal }: BenchSurroundings,
): Promise<readonly Figure[]> {
  const { control, sessions } = fleet;
  const [typed, ...others] = sessions;
  if (!typed) throw new Error("there is no session to type into");
  await control.tell(sessions, {});
  const idle: number[] = [];
  const busy: number[] = [];
  await fleet.inWindow(25, async (page) => {
    for (let run = 0; run <= RUNS; run++) {
      signal.throwIfAborted();
      note(`keys, run ${run} of ${RUNS}`);
      const alone = percentile99Of(await timeKeys(page, typed, KEYS));
      await control.tell(others, { pace: { bytesPerSecond: 200_000 } });
      const among = percentile99Of(await timeKeys(page, typed, KEYS));
      await control.tell(others, {});
      if (run === 0) continue;
      idle.push(alone);
      busy.push(among);
    }
  });
  const what = "key to painted screen, 99th percentile, 24 panes at 200 KB/s";
  const beside = { what: "the others stand still", runs: idle };
  return [wanted(figure(what, "ms", busy, beside), "ratio", "at most", 1.6)];
}

/** 16 programs that want to print a megabyte a second each, with all of them in view and with no window. */
async function measureFloods(
  fleet: TerminalFleet,
  { note, signal }: BenchSurroundings,
): Promise<readonly Figure[]> {
  const { control } = fleet;
  const seen: number[] = [];
  const unseen: number[] = [];
  const lateness: number[] = [];
  for (let run = 1; run <= RUNS; run++) {
    signal.throwIfAborted();
    note(`floods, run ${run} of ${RUNS}`);
    await fleet.inWindow(FLOODING, async (page) => {
      const shown = await page.evaluate(listPanes);
      const { rate, ended } = await flood(fleet, shown, `FLOOD-END-${run}.`);
      seen.push(rate);
      const paintedMs = await page.evaluate(seeEverywhere, `FLOOD-END-${run}.`);
      lateness.push(paintedMs - Math.max(...ended.map(({ atMs }) => atMs)));
    });
    const some = fleet.sessions.slice(0, FLOODING);
    unseen.push((await flood(fleet, some, `UNSEEN-END-${run}.`)).rate);
    await control.tell(fleet.sessions, {});
  }
  return [
    wanted(
      figure(`${FLOODING} programs of 1 MB/s, all in view`, "MB/s", seen, {
        what: "no window",
        runs: unseen,
      }),
      "ratio",
      "at least",
      0.98,
    ),
    wanted(
      figure("end of these floods to every right screen", "ms", lateness),
      "every run",
      "at most",
      300,
    ),
  ];
}

async function flood({ control }: TerminalFleet, sessions: readonly SessionId[], marker: string) {
  const begun = await control.tell(sessions, { pace: { bytesPerSecond: MB } });
  await new Promise((resolve) => setTimeout(resolve, FLOOD_MS));
  const ended = await control.tell(sessions, { marker });
  const rates = ended.map(({ written, atMs }, at) => {
    const first = begun[at] ?? { written: 0, atMs: 0 };
    return (written - first.written) / MB / ((atMs - first.atMs) / 1000);
  });
  return { rate: rates.reduce((sum, rate) => sum + rate, 0), ended };
}

async function measureMemory(
  fleet: TerminalFleet,
  { note }: BenchSurroundings,
): Promise<readonly Figure[]> {
  note("memory");
  await fleet.control.tell(fleet.sessions, { lines: FILLED_LINES });
  await fleet.countMissing();
  const host = (fleet.hostMb() - fleet.emptyHostMb) / SESSIONS;
  const read = async (_page: Page) => readMemory(await listRenderers(fleet.browser));
  const one = await fleet.inWindow(1, read);
  const all = await fleet.inWindow(25, read);
  return [
    wanted(
      figure(`terminal host, a session of ${FILLED_LINES} lines`, "MB", [host]),
      "median",
      "at most",
      15,
    ),
    figure("window, a pane of such a session", "MB", [(all - one) / (SESSIONS - 1)]),
  ];
}

/** Runs in the page. */
function listPanes(): SessionId[] {
  const panes = [...document.querySelectorAll<HTMLElement>("section[data-session]")];
  // The app puts its sessions' ids there.
  return panes.map(({ dataset }) => dataset.session as SessionId);
}

/** Runs in the page. Milliseconds since 1970 at which every pane shows the text. */
function seeEverywhere(text: string): Promise<number> {
  return new Promise((resolve) => {
    const look = () => {
      const panes = [...document.querySelectorAll("section[data-session] .xterm-rows")];
      if (panes.every((rows) => rows.textContent?.includes(text))) resolve(Date.now());
      else requestAnimationFrame(look);
    };
    look();
  });
}
