// Walks through the real app with the demo in it, as somebody new would, and takes the pictures of docs/tour.md:
// node e2e/take-pictures.mjs [OUT-DIR]
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { chromium } from "@playwright/test";
import { findBrowser } from "../build/browser.mjs";
import { commit, finish, ponder, writeBody } from "../demo/plan/demo-task.ts";
import { prepareDemo } from "../demo/prepare-demo.ts";
import { createDemo } from "../demo/run-demo.ts";
import { connectClient } from "./app-access.ts";
import { createAppHome } from "./app-home.ts";
import { launchWeb } from "./launch-web.ts";

const out = process.argv[2] ?? path.resolve(import.meta.dirname, "../docs/images");
/** Seven of the tasks wait for nothing, and two more for a person: with these caps all of them are at work at once. */
const CAPS = { "max-1": 6, "pro-1": 3 };
const PATIENCE_MS = 180_000;
/** A pane with so many lines on it shows what its worker does. */
const TELLING_LINES = 8;
/** Instead of the demo's haste: the first worker is still at it when the last begins. */
const THOUGHT_S = 30;

/** Two tasks that a worker cannot end alone. */
const asking = [
  {
    key: "late",
    title: "Mark late trains on the board",
    description: "A train that is more than five minutes late is marked on the departure board.",
    after: [],
    steps: [
      ponder("Late trains need a mark that is seen from afar. "),
      {
        ask: {
          question: "Which mark does a late train get on the board?",
          header: "Mark",
          options: ["The word late", "An amber dot", "The minutes it is late by"],
        },
      },
      commit("Mark late trains"),
      finish("Late trains are marked."),
    ],
  },
  {
    key: "format",
    title: "Format the sources",
    description: "Give the repository a formatter and run it once.",
    after: [],
    steps: [
      ponder("There is no formatter yet, so one has to be installed. "),
      { bash: "npm install --save-dev --save-exact prettier" },
      commit("Format the sources"),
      finish("The sources are formatted."),
    ],
  },
];

/** One that waits, written as a person writes. */
const announcement = {
  title: "Announce the search for connections",
  body: `Write docs/search.md: what the search finds, what a change is, and two examples with the coast line.

Take the examples from the tests, so that they stay true.`,
  labels: ["docs"],
};

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
  viewport: { width: 1440, height: 900 },
});
await using connected = await connectClient(home.folder);
await using demo = await prepareDemo({ folder: home.workFolder });
const { page } = launched;
const { client } = connected;
page.setDefaultTimeout(PATIENCE_MS);

const goTo = (name) =>
  page.getByRole("navigation", { name: "Views" }).getByRole("button", { name }).click();

await start();
const { plan } = await createDemo(client, unhurried(demo));
await client.call("project.set", { project: demo.project.name, approve: "human" });
for (const task of asking) {
  const { title } = task;
  await client.call("task.create", { project: demo.project.name, title, body: writeBody(task) });
}
const { id: search } = (await client.call("task.list", {})).find(({ title }) =>
  title.startsWith("Find connections"),
);
await client.call("task.create", { project: demo.project.name, after: [search], ...announcement });
await watchThemWork();
await answer();
await askWhy();
await lookAround();
await land();
await care();
await client.call("plan.cancel", { plan });
await home.endApp(client);

/** The first page, a subscription, its sign-in. */
async function start() {
  await page.getByText("Welcome to Switchyard").waitFor();
  await page.getByRole("list", { name: "Findings" }).waitFor();
  await picture("first-run", "dark");
  const { plan: tier, executable, env } = demo.profiles[0];
  const { CLAUDE_CODE_OAUTH_TOKEN: _, ...signedOut } = env;
  const more = { name: "solo", plan: tier, executable, env: signedOut };
  await client.call("profile.add", more);
  await client.call("profile.check", { name: more.name });
  await goTo("Profiles");
  await page
    .getByRole("button", { name: `Sign in to ${more.name}` })
    .last()
    .click();
  const dialog = page.getByRole("dialog", { name: `Sign in to ${more.name}` });
  await dialog.getByRole("button", { name: "Open in the browser" }).waitFor();
  await dialog.getByText(/paste code/i).waitFor();
  await picture("sign-in", "light");
  await dialog.getByRole("button", { name: "Cancel sign-in" }).click();
  await dialog.waitFor({ state: "detached" });
  await until("the sign-in has ended", async () =>
    (await client.call("session.list", {})).every((each) => each.endedAt),
  );
  await client.call("profile.remove", { name: more.name });
}

/** Tasks go out, and panes fill. */
async function watchThemWork() {
  await goTo("Terminals");
  await whenTelling(6);
  await picture("terminals", "dark");
  await picture("terminals", "light");
  await page.getByRole("button", { name: "Up to 4 panes" }).click();
  const others = page
    .getByRole("list", { name: "Other terminals" })
    .locator("span.font-mono[aria-hidden]");
  await until("every miniature shows something", async () =>
    (await others.allTextContents()).every((text) => text.trim() !== ""),
  );
  await picture("terminals-four", "dark");
  await page.getByRole("button", { name: /^Auto/ }).click();
}

/** What waits for a person. */
async function answer() {
  await goTo("Inbox");
  const cards = page.getByRole("list", { name: "Inbox" }).getByRole("listitem");
  await cards.filter({ hasText: "npm install" }).waitFor();
  await cards.filter({ hasText: "Which mark" }).waitFor();
  await picture("inbox", "dark");
}

/** A task that waits says what for. */
async function askWhy() {
  await goTo("Tasks");
  await page.getByRole("list", { name: "Tasks" }).getByText(announcement.title).click();
  await page.getByText("Why it is not running").waitFor();
  await picture("tasks", "light");
}

/** Search, colours, names of commands, keys. */
async function lookAround() {
  await goTo("Terminals");
  await runFromPalette("Search every terminal");
  const search = page.getByRole("dialog", { name: "Search everything" });
  await page.keyboard.insertText("board");
  await search.getByRole("option").first().waitFor();
  await picture("search", "light");
  await page.keyboard.press("Escape");
  await runFromPalette("Look of terminals");
  await page.getByRole("dialog", { name: "Look of terminals" }).waitFor();
  await picture("look", "dark");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Shift+P");
  await page.keyboard.insertText("appro");
  await page.getByRole("dialog").getByRole("option").first().waitFor();
  await picture("palette", "dark");
  await page.keyboard.press("Escape");
}

/** From the forecast to what has landed. */
async function land() {
  await goTo("Queue");
  const forecast = page.getByRole("region", { name: "Forecast" });
  await forecast.getByRole("button").first().click();
  await forecast.getByRole("table").waitFor();
  await picture("forecast", "dark");
  await forecast.getByRole("button").first().click();

  const waiting = page.getByRole("list", { name: "Merge queue" });
  await waiting.getByText("Awaiting approval").first().waitFor();
  await waiting.getByRole("button").first().click();
  await page.getByRole("tab", { name: "Diff" }).click();
  await page
    .getByText(/^src\//)
    .first()
    .waitFor();
  await page.keyboard.press("d");
  await page.keyboard.press("d");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.keyboard.insertText("Please say in the test's name what it is about.");
  await picture("queue", "light");
  await page.keyboard.press("Escape");
  await page.getByRole("tab", { name: "Checks" }).click();
  await picture("checks", "dark");
  await page.getByRole("button", { name: "Approve" }).first().click();
  const landed = page.getByRole("list", { name: "Landed" });
  await landed.getByRole("listitem").first().waitFor();
  await landed.getByRole("button").first().click();
  await page.getByRole("button", { name: "Revert" }).first().click();
  await page
    .getByRole("dialog")
    .getByText(/A new commit takes/)
    .waitFor();
  await picture("revert", "light");
  await page.keyboard.press("Escape");
}

/** The subscriptions, and all that happened. */
async function care() {
  await goTo("Profiles");
  await picture("profiles", "light");
  await goTo("Activity");
  await picture("activity", "dark");
}

/**
 * @param {string} name
 * @param {"dark" | "light"} theme
 */
async function picture(name, theme) {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
  // Terminals draw anew in the next frames; their programs a moment later.
  await setTimeout(400);
  await page.screenshot({ path: path.join(out, `${name}-${theme}.png`) });
}

/** @param {string} name */
async function runFromPalette(name) {
  await page.keyboard.press("Control+Shift+P");
  await page.keyboard.insertText(name);
  await page.getByRole("dialog").getByRole("option").first().waitFor();
  await page.keyboard.press("Enter");
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
function whenTelling(panes) {
  const count = () =>
    page.evaluate((least) => {
      const regions = [...document.querySelectorAll("[data-session]")];
      return regions.filter((region) => {
        const rows = [...region.querySelectorAll(".xterm-rows > div")];
        const filled = rows.filter((row) => row.textContent?.trim());
        const text = region.textContent ?? "";
        // The end of a script is still on it: the worker has only just read its task.
        return filled.length >= least && /Working/.test(text) && !/"(slow|mcp|input)":/.test(text);
      }).length;
    }, TELLING_LINES);
  return until(`${panes} panes are at work at once`, async () => (await count()) >= panes);
}

/**
 * @param {string} what
 * @param {() => Promise<boolean>} isSo
 */
async function until(what, isSo) {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`it never came about that ${what}`);
    await setTimeout(100);
  }
}
