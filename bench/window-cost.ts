import type { Browser, Page } from "@playwright/test";
import { z } from "zod";
import { percentile99Of } from "./measure.ts";

/** What a window's painting takes. */
export interface WindowCost {
  readonly framesPerSecond: number;
  /** Of a hundred frames, all but one came sooner after the one before. */
  readonly frame99Ms: number;
  /** Processor time of what draws pages, as a part of one core. */
  readonly cpu: number;
}

const DRAWING = /renderer|gpu/i;
const Processes = z.object({
  processInfo: z.array(z.object({ id: z.number(), type: z.string(), cpuTime: z.number() })),
});

/** Watches for so long. Nothing else may be open in the browser that draws. */
export async function watchCost(browser: Browser, page: Page, ms: number): Promise<WindowCost> {
  const before = await readCpuSeconds(browser);
  const startedAt = performance.now();
  const frames = await page.evaluate(timeFrames, ms);
  const seconds = (performance.now() - startedAt) / 1000;
  const cpu = ((await readCpuSeconds(browser)) - before) / seconds;
  const total = frames.reduce((sum, frame) => sum + frame, 0);
  return {
    framesPerSecond: frames.length / (total / 1000),
    frame99Ms: percentile99Of(frames),
    cpu,
  };
}

/** Ids of the browser's processes that hold pages. */
export async function listRenderers(browser: Browser): Promise<readonly number[]> {
  const all = await readProcesses(browser);
  return all.filter(({ type }) => type === "renderer").map(({ id }) => id);
}

async function readCpuSeconds(browser: Browser): Promise<number> {
  const drawing = (await readProcesses(browser)).filter(({ type }) => DRAWING.test(type));
  return drawing.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

async function readProcesses(browser: Browser) {
  const asked = await browser.newBrowserCDPSession();
  try {
    return Processes.parse(await asked.send("SystemInfo.getProcessInfo")).processInfo;
  } finally {
    await asked.detach();
  }
}

/** Runs in the page. Milliseconds from each frame to the next. */
function timeFrames(ms: number): Promise<readonly number[]> {
  return new Promise((resolve) => {
    const frames: number[] = [];
    const startedAt = performance.now();
    let lastMs = startedAt;
    const look = (nowMs: number) => {
      if (nowMs > lastMs) frames.push(nowMs - lastMs);
      lastMs = nowMs;
      if (performance.now() - startedAt < ms) requestAnimationFrame(look);
      else resolve(frames);
    };
    requestAnimationFrame(look);
  });
}
