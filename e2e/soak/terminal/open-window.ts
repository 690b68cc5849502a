import { type CDPSession, chromium, type Page } from "@playwright/test";
import { findBrowser } from "../../../build/browser.mjs";

export interface WindowLook {
  readonly heapMb: number;
  readonly nodes: number;
  readonly listeners: number;
  /** Timeouts and intervals that are set and have not run. */
  readonly timers: number;
}

export interface MeasuredWindow extends AsyncDisposable {
  readonly page: Page;
  /** After a collection of garbage. */
  look(): Promise<WindowLook>;
}

/** A real Chromium with the app's window in it. */
export async function openWindow(url: string): Promise<MeasuredWindow> {
  await using opening = new AsyncDisposableStack();
  const executablePath = await findBrowser();
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: ["--disable-gpu"],
    // Chromium refuses its sandbox as root.
    chromiumSandbox: process.getuid?.() !== 0,
  });
  opening.defer(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  await page.addInitScript(countTimers);
  await page.goto(url);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable");
  const opened = opening.move();
  return {
    page,
    look: () => lookAt(page, cdp),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

async function lookAt(page: Page, cdp: CDPSession): Promise<WindowLook> {
  await cdp.send("HeapProfiler.collectGarbage");
  const { metrics } = await cdp.send("Performance.getMetrics");
  const metric = (name: string) => metrics.find((each) => each.name === name)?.value ?? Number.NaN;
  return {
    heapMb: metric("JSHeapUsedSize") / 2 ** 20,
    nodes: metric("Nodes"),
    listeners: metric("JSEventListeners"),
    timers: await page.evaluate(() => Number(Reflect.get(window, "waitingTimers"))),
  };
}

/** Runs in the page before anything else there. */
function countTimers(): void {
  const waiting = new Set<number>();
  const {
    setTimeout: later,
    clearTimeout: never,
    setInterval: often,
    clearInterval: noMore,
  } = window;
  const set = (run: TimerHandler, ms?: number, ...args: unknown[]) => {
    const timer = later(() => {
      waiting.delete(timer);
      if (typeof run === "function") run(...args);
    }, ms);
    waiting.add(timer);
    return timer;
  };
  const setOften = (run: TimerHandler, ms?: number, ...args: unknown[]) => {
    const timer = often(run, ms, ...args);
    waiting.add(timer);
    return timer;
  };
  const clear = (end: typeof never) => (timer?: number) => {
    if (timer !== undefined) waiting.delete(timer);
    end(timer);
  };
  Object.assign(window, {
    setTimeout: set,
    setInterval: setOften,
    clearTimeout: clear(never),
    clearInterval: clear(noMore),
  });
  Object.defineProperty(window, "waitingTimers", { get: () => waiting.size });
}
