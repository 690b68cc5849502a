import { defineConfig } from "@playwright/test";
import { findBrowser } from "../build/browser.mjs";
import type { Shell } from "./fixtures.ts";

const browser = await findBrowser();
// The double reads it too, in processes that these workers start.
if (browser) process.env.SWITCHYARD_BROWSER = browser;

const isRoot = process.getuid?.() === 0;

// A scenario that makes sense in one shell only says so with the tag @web or @desktop; it is left out elsewhere, not skipped.
export default defineConfig<{ shell: Shell }>({
  testDir: ".",
  // What ends in .test.ts beside them is a unit test.
  testMatch: "**/*.spec.ts",
  outputDir: "../test-results",
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  snapshotPathTemplate: "{testDir}/pictures/{arg}{ext}",
  forbidOnly: Boolean(process.env.CI),
  // One that needs its second try is named at the end (build/test-counts.mjs).
  retries: process.env.SWITCHYARD_COUNTS ? 1 : 0,
  reporter: [["list"], ["./summary-reporter.ts"]],
  use: {
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      ...(browser ? { executablePath: browser } : {}),
      args: ["--disable-gpu", "--force-color-profile=srgb", "--font-render-hinting=none"],
      // Chromium refuses its sandbox as root.
      chromiumSandbox: !isRoot,
    },
  },
  projects: [
    { name: "double-itself", testDir: "./electron-double" },
    // What breaks is below the window; a test that looks at one opens it itself.
    { name: "faults", testDir: "./faults", timeout: 120_000 },
    // The window over an invented core, which needs neither shell.
    { name: "looks", testDir: "./looks", timeout: 180_000, use: { trace: "off" } },
    {
      name: "web",
      use: { shell: "web" },
      grepInvert: /@desktop/,
      testIgnore: ["electron-double/**", "faults/**", "looks/**"],
    },
    {
      name: "electron-double",
      use: { shell: "electron-double" },
      grepInvert: /@web/,
      testIgnore: ["electron-double/**", "faults/**", "looks/**"],
    },
    {
      name: "electron",
      use: { shell: "electron" },
      grepInvert: /@web/,
      testIgnore: ["electron-double/**", "faults/**", "looks/**"],
    },
  ],
});
