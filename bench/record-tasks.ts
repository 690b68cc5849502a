import type { Browser, Page } from "@playwright/test";
import { z } from "zod";

/** What the window's main thread did while something was done to it. Milliseconds. */
export interface RecordedTasks {
  /** Of its tasks the longest: for so long it answered nothing. */
  readonly longestMs: number;
  /** The longest by the processor's time alone, without what else the machine did meanwhile. */
  readonly longestOwnMs: number;
  /** Between two frames. */
  readonly longestGapMs: number;
  /** Tasks beyond 50 ms, as the browser itself counts them for a page. */
  readonly longTasks: number;
}

const CATEGORIES = ["__metadata", "toplevel", "disabled-by-default-devtools.timeline"];
const MAIN_THREAD = "CrRendererMain";

const Trace = z.object({
  traceEvents: z.array(
    z.object({
      name: z.string(),
      ph: z.string(),
      pid: z.number(),
      tid: z.number(),
      dur: z.number().optional(),
      tdur: z.number().optional(),
      args: z.object({ name: z.unknown() }).partial().optional(),
    }),
  ),
});

/** Does `work` while the browser writes down every task, however short. */
export async function recordTasks(
  browser: Browser,
  page: Page,
  work: () => Promise<unknown>,
): Promise<RecordedTasks> {
  await page.evaluate(watchPage);
  await browser.startTracing(page, { categories: CATEGORIES });
  await work();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  const { traceEvents } = Trace.parse(JSON.parse(String(await browser.stopTracing())));
  const watched = await page.evaluate(stopWatching);
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args?.name === MAIN_THREAD)
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents.filter(
    ({ name, ph, pid, tid }) =>
      name.endsWith("RunTask") && ph === "X" && mains.has(`${pid} ${tid}`),
  );
  if (tasks.length === 0) throw new Error("the browser wrote down no task of the window");
  const longest = (each: readonly (number | undefined)[]) => Math.max(...each.map((us) => us ?? 0));
  return {
    longestMs: longest(tasks.map(({ dur }) => dur)) / 1000,
    longestOwnMs: longest(tasks.map(({ tdur, dur }) => tdur ?? dur)) / 1000,
    ...watched,
  };
}

interface Watch {
  stop(): Pick<RecordedTasks, "longestGapMs" | "longTasks">;
}

/** Runs in the page. */
function watchPage(): void {
  let longestGapMs = 0;
  let longTasks = 0;
  let isWatched = true;
  let lastMs = performance.now();
  const count = (entries: PerformanceEntryList) => {
    longTasks += entries.length;
  };
  const observer = new PerformanceObserver((list) => count(list.getEntries()));
  observer.observe({ type: "longtask" });
  const look = () => {
    const nowMs = performance.now();
    longestGapMs = Math.max(longestGapMs, nowMs - lastMs);
    lastMs = nowMs;
    if (isWatched) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  const watch: Watch = {
    stop() {
      isWatched = false;
      count(observer.takeRecords());
      observer.disconnect();
      return { longestGapMs, longTasks };
    },
  };
  Object.assign(window, { benchWatch: watch });
}

/** Runs in the page. */
function stopWatching(): ReturnType<Watch["stop"]> {
  const { benchWatch } = window as Window & { benchWatch?: Watch };
  if (!benchWatch) throw new Error("nothing watches this page");
  return benchWatch.stop();
}
