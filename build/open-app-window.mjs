import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { endWith } from "./end-with.mjs";

/**
 * Shows `url` in a window without tabs and address bar, in a browser profile of its own that is removed afterwards.
 *
 * @param {string} browser a Chromium that can show windows
 * @param {string} url a one-time link: what `ps` shows of it is worth nothing once the window has opened
 * @returns {Promise<void>} when the window is closed
 */
export async function openAppWindow(browser, url) {
  const profile = mkdtempSync(path.join(os.tmpdir(), "switchyard-window-"));
  // Chromium refuses its sandbox as root; --test-type hides the bar that warns of it.
  const isRoot = process.platform === "linux" && process.getuid?.() === 0;
  const flags = ["--no-first-run", "--no-default-browser-check", "--window-size=1440,900"];
  if (isRoot) flags.push("--no-sandbox", "--test-type");
  try {
    const args = [`--app=${url}`, `--user-data-dir=${profile}`, ...flags];
    await endWith(spawn(browser, args, { stdio: "ignore" }));
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
