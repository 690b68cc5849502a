import { type Browser, chromium } from "@playwright/test";
import { findBrowser } from "../build/browser.mjs";

export const WINDOW = { width: 1440, height: 900 };

/** Headless and without a GPU, as the machines are on which figures are compared. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = await findBrowser();
  return await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: ["--disable-gpu"],
    // Chromium refuses its sandbox as root.
    chromiumSandbox: process.getuid?.() !== 0,
  });
}
