import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Locator, Page } from "@playwright/test";
import { expect, type RunningApp, test } from "./fixtures.ts";
import { peek, startShells } from "./shell-workers.ts";

async function startOne(app: RunningApp) {
  const [session] = await startShells(app, 1);
  if (!session) throw new Error("no shell was started");
  const pane = app.page.getByRole("region", { name: `Terminal ${session.name}`, exact: true });
  await pane.locator(".xterm-screen").click();
  await expect(pane).toHaveAttribute("data-focused", "true");
  return { session, pane };
}

async function run(page: Page, command: string): Promise<void> {
  await page.keyboard.insertText(command);
  await page.keyboard.press("Enter");
}

/** Puts the pointer on the lowest place where a pane shows this, and answers once it is a link. */
async function pointAt(page: Page, pane: Locator, words: string): Promise<void> {
  const place = async () =>
    pane.locator(".xterm-rows").evaluate((rows, wanted) => {
      const walker = document.createTreeWalker(rows, NodeFilter.SHOW_TEXT);
      let found: DOMRect | null = null;
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.textContent?.indexOf(wanted) ?? -1;
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + wanted.length);
        found = range.getBoundingClientRect();
      }
      return found && { x: found.x + found.width / 2, y: found.y + found.height / 2 };
    }, words);
  await expect(async () => {
    const spot = await place();
    if (!spot) throw new Error(`${words} is not on the screen`);
    await page.mouse.move(spot.x - 2, spot.y);
    await page.mouse.move(spot.x, spot.y);
    await expect(pane.locator(".xterm-cursor-pointer")).toHaveCount(1, { timeout: 1_000 });
  }).toPass();
}

async function click(page: Page): Promise<void> {
  await page.mouse.down();
  await page.mouse.up();
}

test("a file that a terminal names opens in the person's editor, at its place", async ({ app }) => {
  const { page, home, workFolder } = app;
  const editor = path.join(workFolder, "editor");
  const told = path.join(workFolder, "told");
  writeFileSync(editor, `#!/bin/sh\necho "$@" > '${told}.new' && mv '${told}.new' '${told}'\n`);
  chmodSync(editor, 0o755);
  writeFileSync(path.join(home, "config.yaml"), `editor: "${editor} {line}:{column} {file}"\n`);
  const { pane } = await startOne(app);
  await run(page, "touch named.ts; clear; echo see $(echo named).ts:12:3");
  await pointAt(page, pane, "named.ts:12:3");
  await click(page);
  await expect(async () => {
    expect(readFileSync(told, "utf8")).toMatch(/^12:3 \/.*\/named\.ts\n$/);
  }).toPass();
});

test("a link that reads otherwise than it leads is asked about, with where it leads", async ({
  app,
}) => {
  const { page } = app;
  const { pane } = await startOne(app);
  await run(
    page,
    "clear; printf '\\e]8;;https://evil.example/x\\e\\\\git%s\\e]8;;\\e\\\\\\n' hub.com",
  );
  await pointAt(page, pane, "github.com");
  await click(page);
  const question = pane.getByRole("alertdialog", { name: "Open a link" });
  await expect(question).toContainText("https://evil.example/x");
  await page.keyboard.press("Escape");
  await expect(question).toHaveCount(0);
  expect(page.context().pages()).toHaveLength(1);
});

test("what an input method makes comes whole, and its keys are nobody else's", async ({ app }) => {
  const { page } = app;
  const { session, pane } = await startOne(app);
  await page.keyboard.insertText("echo got-");
  const method = await page.context().newCDPSession(page);
  const compose = (text: string) =>
    method.send("Input.imeSetComposition", {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    });
  await compose("に");
  await compose("にほ");
  await method.send("Input.insertText", { text: "日本" });
  await page.keyboard.press("Enter");
  await expect(pane.locator(".xterm-rows")).toContainText("日本");
  await expect.poll(() => peek(app, session.id)).toMatch(/^got-日本$/m);
});

test("a search of everything goes to the line in its pane", async ({ app }) => {
  const { page } = app;
  const { pane } = await startOne(app);
  await run(page, "echo needle-$((40+2)); seq 1 200");
  await expect(pane.locator(".xterm-rows")).toContainText("200");
  await page.keyboard.press("Control+Shift+S");
  const dialog = page.getByRole("dialog", { name: "Search everything" });
  await page.keyboard.type("needle-42");
  await expect(dialog.getByText("In 1 of 1 session.")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);
  await expect(pane.locator(".xterm-rows")).toContainText("needle-42");
  await expect(pane.locator(".xterm-selection div").first()).toBeVisible();
});

test("a pane goes back to a prompt and lists its links", async ({ app }) => {
  test.setTimeout(150_000);
  const { page } = app;
  const { pane } = await startOne(app);
  const screen = pane.locator(".xterm-rows");
  await run(
    page,
    "printf '\\e]133;A\\a'; echo https://example.org/a mark-$((1+1)); touch here.ts; echo here.ts:4; seq 1 200",
  );
  await expect(screen).toContainText("200");
  await page.keyboard.press("Control+Shift+PageUp");
  await expect(screen).toContainText("mark-2");
  await page.keyboard.press("Control+Shift+PageDown");
  await expect(screen).toContainText("200");

  await page.keyboard.press("Control+Shift+O");
  const links = page.getByRole("dialog", { name: "Links in the terminal" });
  await expect(links.getByRole("option", { name: "here.ts:4" })).toBeVisible();
  await expect(links.getByRole("option", { name: "https://example.org/a" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(links).toHaveCount(0);
});

// What a window saves is seen by the browser alone, not by the double of Electron.
test("a pane is saved as text and as a recording", { tag: "@web" }, async ({ app }) => {
  test.setTimeout(150_000);
  const { page } = app;
  const { pane } = await startOne(app);
  await run(page, "echo saved-$((1+1)); seq 1 200");
  await expect(pane.locator(".xterm-rows")).toContainText("200");

  const save = async (words: string) => {
    await page.keyboard.press("Control+Shift+P");
    await page.keyboard.type(words);
    await expect(page.getByRole("option", { name: words }).first()).toBeVisible();
    const [file] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
    return { name: file.suggestedFilename(), text: readFileSync(await file.path(), "utf8") };
  };
  const text = await save("as text");
  expect(text.name).toMatch(/\.txt$/);
  expect(text.text).toMatch(/^saved-2\n1\n2\n/m);
  const cast = await save("as a recording");
  expect(cast.name).toMatch(/\.cast$/);
  expect(JSON.parse(cast.text.split("\n", 1)[0] ?? "")).toMatchObject({ version: 2 });
});
