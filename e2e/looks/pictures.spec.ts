import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Page, TestInfo } from "@playwright/test";
import { expect, test } from "./still-window.ts";

const picturesFolder = path.join(import.meta.dirname, "pictures");
const SIZES = [
  { width: 1280, height: 800 },
  { width: 2560, height: 1440 },
];
const VIEWS = ["Terminals", "Tasks", "Queue", "Profiles", "Activity", "Inbox"];
const STATES = { empty: "?panes=0&state=empty", full: "?panes=9" };

for (const [state, address] of Object.entries(STATES)) {
  for (const view of VIEWS) {
    const name = `${view.toLowerCase()}-${state}`;
    test(`${name} looks as it did`, async ({ stillWindow }, testInfo) => {
      const page = await stillWindow.open(address);
      const folder = await folderFor(page, testInfo);
      await page.getByRole("navigation", { name: "Views" }).getByText(view).click();
      await compare(page, folder, name);
    });
  }
}

for (const [name, address] of [
  ["gallery", "gallery.html"],
  ["gallery-dialog", "gallery.html?open=dialog"],
] as const) {
  test(`${name} looks as it did`, async ({ stillWindow }, testInfo) => {
    const page = await stillWindow.open(address);
    await compare(page, await folderFor(page, testInfo), name, name === "gallery");
  });
}

test("the first run looks as it did", async ({ stillWindow }, testInfo) => {
  const page = await stillWindow.open("?panes=0&state=first-run");
  await compare(page, await folderFor(page, testInfo), "first-run");
});

async function compare(page: Page, folder: string, name: string, fullPage = false): Promise<void> {
  for (const viewport of SIZES) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await whenDrawn(page);
      await expect
        .soft(page)
        .toHaveScreenshot([folder, `${name}-${colorScheme}-${viewport.width}.png`], {
          fullPage,
          // Kept pictures have 256 colours: none is further off than this.
          threshold: 0.1,
          // Less than a word of two letters.
          maxDiffPixels: 60,
        });
    }
  }
}

/** Terminals are opened one after the other, and their programs draw anew at each size; one has not begun. */
async function whenDrawn(page: Page): Promise<void> {
  await page.locator("main:not([aria-busy])").waitFor();
  for (const pane of await page.locator("[data-session]").all())
    await expect(pane).toContainText(/accept\sedits|Waits for memory/);
}

/**
 * The folder of the pictures that this browser can be held against. Where it draws letters otherwise than the one they were
 * taken with, a comparison would say nothing: the test is skipped and says why.
 */
async function folderFor(page: Page, testInfo: TestInfo): Promise<string> {
  const version = page.context().browser()?.version().split(".")[0] ?? "unknown";
  const folder = `chromium-${version}`;
  const known = path.join(picturesFolder, folder, "letters.png");
  const letters = await drawLetters(page);
  if (testInfo.config.updateSnapshots === "all") {
    mkdirSync(path.dirname(known), { recursive: true });
    writeFileSync(known, letters);
    return folder;
  }
  const kept = existsSync(picturesFolder) ? readdirSync(picturesFolder).join(", ") : "none";
  test.skip(!existsSync(known), `the pictures are of ${kept}, this browser is ${folder}`);
  const isAlike = readFileSync(known).equals(letters);
  test.skip(!isAlike, `this machine draws letters otherwise than the one of the pictures`);
  return folder;
}

/** A picture of letters alone, of which nothing of the window's own style is part. */
async function drawLetters(page: Page): Promise<Buffer> {
  await page.evaluate(() => {
    const card = document.createElement("div");
    card.id = "letters";
    card.style.cssText =
      "all: initial; position: fixed; z-index: 99; inset: 0 auto auto 0; width: 480px; height: 120px; background: #fff; color: #234; font: 500 13px/20px InterVariable";
    card.innerHTML =
      'Branches land on main 0123456789 · “…” ✓ → ⌘<br><span style="font: 12px/18px SF Mono">export const tries = 429; ─ ▐▛███▜▌ ● ✻ ❯ ⎿ ⏵ ✢ ✳ ✶ ✽ ↻</span><br><span style="font: 700 12px/18px SF Mono">return key + 1;</span>';
    // Whatever is outside of an open dialog lies under its shade.
    (document.querySelector("dialog[open]") ?? document.body).append(card);
  });
  const letters = await page.locator("#letters").screenshot();
  await page.evaluate(() => document.getElementById("letters")?.remove());
  return letters;
}
