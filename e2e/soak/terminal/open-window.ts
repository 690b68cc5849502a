import { type CDPSession, chromium, type Page } from "@playwright/test";
import { findBrowser } from "../../../build/browser.mjs";

export interface WindowLook {
  readonly heapMb: number;
  /** What arrays of bytes take outside of the heap: rows of terminals, frames of the wire. */
  readonly buffersMb: number;
  readonly nodes: number;
  readonly listeners: number;
  /** Timeouts and intervals that are set and have not run. */
  readonly timers: number;
}

export interface MeasuredWindow extends AsyncDisposable {
  readonly page: Page;
  /** While no terminal is open, once all that was asked has been answered, and after a collection of garbage. */
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
  await page.addInitScript(countWaitingCalls);
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
  await page.keyboard.press(WITHOUT_TERMINALS);
  await page.locator(".xterm").first().waitFor({ state: "detached", timeout: SETTLE_LIMIT_MS });
  // Where the core is too busy to answer all, it is looked at with what still waits.
  await page.waitForFunction(isAnswered, null, { timeout: SETTLE_LIMIT_MS }).catch(() => undefined);
  // What was told of its end by the first collection goes with the second.
  await cdp.send("HeapProfiler.collectGarbage");
  await cdp.send("HeapProfiler.collectGarbage");
  const { backingStorageSize } = await cdp.send("Runtime.getHeapUsage");
  const { metrics } = await cdp.send("Performance.getMetrics");
  const metric = (name: string) => metrics.find((each) => each.name === name)?.value ?? Number.NaN;
  const look = {
    heapMb: metric("JSHeapUsedSize") / 2 ** 20,
    buffersMb: backingStorageSize / 2 ** 20,
    nodes: metric("Nodes"),
    listeners: metric("JSEventListeners"),
    timers: await page.evaluate(() => Number(Reflect.get(window, "waitingTimers"))),
  };
  await page.keyboard.press(TERMINALS);
  return look;
}

/** Keys of the views. */
const TERMINALS = "Alt+1";
const WITHOUT_TERMINALS = "Alt+3";
const SETTLE_LIMIT_MS = 60_000;

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

/** Runs in the page before anything else there. */
function countWaitingCalls(): void {
  let waiting = 0;
  const watched = new WeakSet<WebSocket>();
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) {
    if (!watched.has(this)) {
      watched.add(this);
      this.addEventListener("message", ({ data: answer }) => {
        if (typeof answer === "string" && /^\{"t":"(ok|err)"/.test(answer)) waiting -= 1;
      });
    }
    if (typeof data === "string" && data.startsWith('{"t":"call"')) waiting += 1;
    send.call(this, data);
  };
  Object.defineProperty(window, "waitingCalls", { get: () => waiting });
}

/** Runs in the page. */
function isAnswered(): boolean {
  return Reflect.get(window, "waitingCalls") === 0;
}
