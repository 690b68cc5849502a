// Takes the pictures of docs/tour.md from the real app with the demo in it: node e2e/take-pictures.mjs [OUT-DIR] [SIZE…]
// Sizes are like 2560x1440; the default folder is docs/images, the default size that of the README's picture.
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { chromium } from "@playwright/test";
import { findBrowser } from "../build/browser.mjs";
import { prepareDemo } from "../demo/prepare-demo.ts";
import { createDemo } from "../demo/run-demo.ts";
import { connectClient } from "./app-access.ts";
import { createAppHome } from "./app-home.ts";
import { launchWeb } from "./launch-web.ts";

const projectFolder = path.resolve(import.meta.dirname, "..");
const [named, ...wanted] = process.argv.slice(2);
const out = named ?? path.join(projectFolder, "docs/images");
const [first = { width: 1440, height: 900 }, ...others] = wanted.map(readSize);

/** The pictures of the tour and the README; another folder gets all of them, in both themes. */
const TOUR = new Map([
  ["first-run-dark", "first-run-dark"],
  ["terminals-dark", "terminals"],
  ["terminals-light", "terminals-light"],
  ["tasks-dark", "tasks-dark"],
  ["queue-light", "queue-light"],
  ["profiles-light", "profiles-light"],
  ["palette-dark", "palette-dark"],
]);

/** Six of the demo's tasks wait for nothing: with these caps all of them are at work at once. */
const CAPS = { "max-1": 4, "pro-1": 2 };
const PATIENCE_MS = 120_000;
/** A pane with so many lines on it shows what its worker does. */
const TELLING_LINES = 8;
/** Instead of the demo's haste: the first worker is still at it when the sixth begins. */
const THOUGHT_S = 14;

await mkdir(out, { recursive: true });
const browser = await findBrowser();
await using home = await createAppHome({});
await using launched = await launchWeb({
  home,
  playwright: { chromium },
  launchOptions: {
    ...(browser ? { executablePath: browser } : {}),
    args: ["--disable-gpu", "--force-color-profile=srgb"],
    chromiumSandbox: process.getuid?.() !== 0,
  },
  viewport: first,
});
await using connected = await connectClient(home.folder);
await using demo = await prepareDemo({ folder: home.workFolder });
const { page } = launched;
const { client } = connected;
await page.emulateMedia({ reducedMotion: "reduce" });
page.setDefaultTimeout(PATIENCE_MS);

const views = page.getByRole("navigation", { name: "Views" });
const goTo = (name) => views.getByRole("button", { name }).click();

await page.getByText("Welcome to Switchyard").waitFor();
await page.getByRole("list", { name: "Findings" }).waitFor();
await inBoth("first-run");

const { plan } = await createDemo(client, unhurried(demo));
await client.call("project.set", { project: demo.project.name, approve: "human" });
await whenTelling(6);
await inBoth("terminals");
await goTo("Tasks");
const tasks = page.getByRole("list", { name: "Tasks" });
await tasks.getByText("Find connections with one change").click();
await page.getByText("Why it is not running").waitFor();
await inBoth("tasks");

await goTo("Queue");
const queue = page.getByRole("list", { name: "Merge queue" });
await queue.getByText("Awaiting approval").first().waitFor();
await queue.getByRole("button").first().click();
await page.getByRole("tab", { name: "Diff" }).click();
await page
  .getByText(/^src\//)
  .first()
  .waitFor();
await inBoth("queue");
await page.getByRole("tab", { name: "Checks" }).click();
await inBoth("checks");

await goTo("Profiles");
await inBoth("profiles");
await goTo("Activity");
await inBoth("activity");
await page.keyboard.press("Control+Shift+P");
await page.keyboard.insertText("appro");
await page.getByRole("dialog").getByRole("option").first().waitFor();
await inBoth("palette");
await page.keyboard.press("Escape");
await client.call("plan.cancel", { plan });
await home.endApp(client);

/** @param {string} name */
async function inBoth(name) {
  for (const [index, size] of [first, ...others].entries()) {
    await page.setViewportSize(size);
    for (const theme of ["dark", "light"]) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      // Terminals draw anew in the next frames; their programs a moment later.
      await setTimeout(index === 0 ? 150 : 600);
      const ending = index === 0 ? "" : `-${size.width}`;
      const full = `${name}-${theme}${ending}`;
      const file = named === undefined ? TOUR.get(full) : full;
      if (file) await page.screenshot({ path: path.join(out, `${file}.png`) });
    }
  }
  await page.setViewportSize(first);
}

/** @param {import("../demo/prepare-demo.ts").Demo} demo */
function unhurried(demo) {
  return {
    ...demo,
    profiles: demo.profiles.map((profile) => ({ ...profile, cap: CAPS[profile.name] })),
    tasks: demo.tasks.map((task) => ({
      ...task,
      body: task.body.replace(/"slow": [\d.]+/g, `"slow": ${THOUGHT_S}`),
    })),
  };
}

/**
 * Waits until so many panes are at work with something on their screens.
 *
 * @param {number} panes
 */
async function whenTelling(panes) {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const telling = await page.evaluate((least) => {
      const regions = [...document.querySelectorAll("[data-session]")];
      return regions.filter((region) => {
        const rows = [...region.querySelectorAll(".xterm-rows > div")];
        const filled = rows.filter((row) => row.textContent?.trim());
        const text = region.textContent ?? "";
        // The end of a script is still on it: the worker has only just read its task.
        return filled.length >= least && /Working/.test(text) && !/"(slow|mcp|input)":/.test(text);
      }).length;
    }, TELLING_LINES);
    if (telling >= panes) return;
    await setTimeout(100);
  }
  throw new Error(`never were ${panes} panes at work at once`);
}

/** @param {string} text */
function readSize(text) {
  const [width, height] = text.split("x").map(Number);
  if (!width || !height) throw new Error(`${text} is no size: write it like 2560x1440`);
  return { width, height };
}
