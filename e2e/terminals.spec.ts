import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Locator, Page } from "@playwright/test";
import { prepareDemo } from "../demo/prepare-demo.ts";
import { createDemo } from "../demo/run-demo.ts";
import type { Session } from "../shared/model/session.ts";
import { expect, type RunningApp, test } from "./fixtures.ts";
import { peek, startShells } from "./shell-workers.ts";

const paneOf = (page: Page, session: Session) =>
  page.getByRole("region", { name: `Terminal ${session.name}`, exact: true });
const screenOf = (pane: Locator) => pane.locator(".xterm-rows");

async function take(pane: Locator): Promise<void> {
  await pane.locator(".xterm-screen").click();
  await expect(pane).toHaveAttribute("data-focused", "true");
}

async function run(page: Page, command: string): Promise<void> {
  await page.keyboard.insertText(command);
  await page.keyboard.press("Enter");
}

async function startOne(app: RunningApp): Promise<{ session: Session; pane: Locator }> {
  const [session] = await startShells(app, 1);
  if (!session) throw new Error("no shell was started");
  const pane = paneOf(app.page, session);
  await take(pane);
  return { session, pane };
}

async function startTwo(app: RunningApp): Promise<readonly [Session, Session]> {
  const [first, second] = await startShells(app, 2);
  if (!first || !second) throw new Error("two shells were not started");
  return [first, second];
}

test("what is typed reaches the program, and the program knows the size of its pane", async ({
  app,
}) => {
  const { page } = app;
  const { pane } = await startOne(app);
  const screen = screenOf(pane);
  await run(page, "echo sum-$((40+2))");
  await expect(screen).toContainText("sum-42");

  const checkSize = async (mark: string) => {
    const rows = await screen.locator("> div").count();
    await run(page, `echo ${mark}-$(stty size | tr ' ' x)`);
    await expect(screen).toContainText(new RegExp(`${mark}-${rows}x\\d+`));
    const text = (await screen.textContent()) ?? "";
    return Number(new RegExp(`${mark}-\\d+x(\\d+)`).exec(text)?.[1]);
  };
  const wide = await checkSize("before");
  const rowsBefore = await screen.locator("> div").count();
  await page.setViewportSize({ width: 900, height: 560 });
  await expect.poll(() => screen.locator("> div").count()).toBeLessThan(rowsBefore);
  await expect(async () => {
    expect(await checkSize("after")).toBeLessThan(wide);
  }).toPass();
});

test("who reads above stays there while output goes on", async ({ app }) => {
  const { page } = app;
  const { session, pane } = await startOne(app);
  const screen = screenOf(pane);
  await run(
    page,
    "n=0; while :; do n=$((n+1)); echo line-$n.; [ $((n % 20)) != 0 ] || sleep 0.1; done",
  );
  // Any line from 150 on: one line alone can have scrolled by between two looks.
  await expect(screen).toContainText(/line-(?:1[5-9]\d|[2-9]\d\d|\d{4,})\./);
  await pane.locator(".xterm-screen").hover();
  await page.mouse.wheel(0, -600);
  const top = screen.locator("> div").first();
  const newest = async () => Number(/line-(\d+)\.\s*$/.exec(await peek(app, session.id))?.[1]);
  let read = "";
  // The wheel's own way takes a few frames.
  await expect(async () => {
    read = (await top.textContent()) ?? "";
    const then = await newest();
    await expect.poll(newest).toBeGreaterThan(then);
    expect(await top.textContent()).toBe(read);
    expect(read).toMatch(/line-\d+\./);
  }).toPass();
  const then = await newest();
  await expect.poll(newest).toBeGreaterThan(then + 50);
  expect(await top.textContent()).toBe(read);

  await page.keyboard.press("Control+c");
  await run(page, "echo back-$((1+1))");
  await expect(screen).toContainText("back-2");
});

test("a pane can be searched, and gives the keyboard back", async ({ app }) => {
  const { page } = app;
  const { pane } = await startOne(app);
  await run(page, "seq -f 'needle %g' 1 3; seq 1 200");
  // The command itself holds the last number, and not the one before.
  await expect(screenOf(pane)).toContainText("199");
  await page.keyboard.press("Control+Shift+F");
  const field = pane.getByRole("textbox", { name: "Search in this terminal" });
  await expect(field).toBeFocused();
  await field.fill("needle 2");
  await expect(screenOf(pane)).toContainText("needle 2");
  await field.fill("nothing like it");
  await expect(pane.getByText("No match")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(field).toHaveCount(0);
  await run(page, "echo again-$((2+3))");
  await expect(screenOf(pane)).toContainText("again-5");
});

test("Shift+Enter is a line feed and Enter a return", async ({ app }) => {
  const { page } = app;
  const { pane } = await startOne(app);
  await run(
    page,
    "stty raw -echo; echo now-$((1+1)); dd bs=1 count=2 2>/dev/null | od -An -tx1; stty sane",
  );
  await expect(screenOf(pane)).toContainText("now-2");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.press("Enter");
  await expect(screenOf(pane)).toContainText("0a 0d");
});

test("a paste cannot type: marks are taken out, and lines that would run are asked about", async ({
  app,
}) => {
  const { page } = app;
  const { pane } = await startOne(app);
  const screen = screenOf(pane);
  const paste = (text: string) =>
    pane.locator("textarea.xterm-helper-textarea").evaluate((field, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", pasted);
      field.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
      );
    }, text);

  // The shell takes a bracketed paste: nothing runs before a person presses Enter.
  await paste("echo ran-$((6*7))\u001b[201~\recho second");
  await expect(screen).toContainText("echo second");
  await expect(screen).not.toContainText("ran-42");
  await page.keyboard.press("Control+c");

  // `cat` does not: each line would be taken at once.
  await run(page, "echo reading-$((1+1)); cat | tr a-z A-Z");
  await expect(screen).toContainText("reading-2");
  await paste("alpha\nbeta");
  const question = pane.getByRole("alertdialog");
  await expect(question).toContainText("2 lines");
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(question).toHaveCount(0);
  await paste("gamma\ndelta");
  await question.getByRole("button", { name: "Paste" }).click();
  await take(pane);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+d");
  await expect(screen).toContainText("GAMMA");
  await expect(screen).toContainText("DELTA");
  await expect(screen).not.toContainText(/alpha/i);
});

test("a flood in one pane does not hold up typing in another", async ({ app }) => {
  const { page } = app;
  const [first, second] = await startTwo(app);
  const flooding = paneOf(page, second);
  await take(flooding);
  await run(page, "yes $(printf 'flood%.0s ' 1 2 3 4 5 6 7 8 9)");
  await expect(screenOf(flooding)).toContainText("flood flood flood");
  const quiet = paneOf(page, first);
  await take(quiet);
  for (let n = 1; n <= 5; n += 1) {
    await run(page, `echo calm-$((${n}*11))`);
    await expect(screenOf(quiet)).toContainText(`calm-${n * 11}`, { timeout: 2_000 });
  }
  await take(flooding);
  await page.keyboard.press("Control+c");
  await expect.poll(() => peek(app, second.id)).toMatch(/\$\s*$/);
  await expect(screenOf(flooding)).toContainText("^C");
});

test("a pane is maximised and comes back, and one that was hidden shows its screen as it is", async ({
  app,
}) => {
  const { page } = app;
  const [first, second] = await startTwo(app);
  const [one, other] = [paneOf(page, first), paneOf(page, second)];
  const gate = path.join(app.workFolder, "gate");
  await take(other);
  await run(
    page,
    `echo old; until [ -e ${gate} ]; do sleep 0.05; done; clear; echo fresh-$((3*3))`,
  );
  await expect(screenOf(other)).toContainText("old");

  await take(one);
  await page.keyboard.press("Control+Shift+M");
  await expect(other).toHaveCount(0);
  writeFileSync(gate, "");
  await expect.poll(() => peek(app, second.id)).toContain("fresh-9");
  await page.keyboard.press("Control+Shift+M");
  await expect(screenOf(other)).toContainText("fresh-9");
  await expect(screenOf(other)).not.toContainText("old");

  await take(other);
  await run(page, "echo alive-$((5*5))");
  await expect(screenOf(other)).toContainText("alive-25");
});

test("a page that is loaded again shows the same screen", async ({ app }) => {
  const { page } = app;
  const { session, pane } = await startOne(app);
  await run(page, "printf '\\e[31mred\\e[0m and \\e[1mbold\\e[0m'; echo; echo kept-$((7*7))");
  await expect(screenOf(pane)).toContainText("kept-49");
  const lines = (text: string) => text.replace(/\s+/g, " ").trim();
  const before = lines(await peek(app, session.id));
  await page.reload();
  await expect(screenOf(pane)).toContainText("red and bold");
  await expect(screenOf(pane)).toContainText("kept-49");
  expect(lines(await peek(app, session.id))).toBe(before);
  await take(pane);
  await run(page, "echo after-$((8*8))");
  await expect(screenOf(pane)).toContainText("after-64");
});

test("two windows show one session, and both can type", { tag: "@web" }, async ({ app }) => {
  const { page } = app;
  const { session, pane } = await startOne(app);
  const { url } = await app.client.call("app.link", {});
  const context = await page
    .context()
    .browser()
    ?.newContext({
      viewport: { width: 1000, height: 700 },
    });
  if (!context || !url) throw new Error("no second window");
  try {
    const secondPage = await context.newPage();
    await secondPage.goto(url);
    const secondPane = paneOf(secondPage, session);
    await run(page, "echo first-$((4*4))");
    await expect(screenOf(secondPane)).toContainText("first-16");
    await take(secondPane);
    await run(secondPage, "echo second-$((9*9))");
    await expect(screenOf(pane)).toContainText("second-81");
    await expect(screenOf(secondPane)).toContainText("second-81");
  } finally {
    await context.close();
  }
});

test("sixteen panes are live at once, and each takes its own keys", async ({ app }) => {
  const { page } = app;
  const sessions = await startShells(app, 16);
  const meter = page.getByRole("meter", { name: "shells sessions" });
  await expect(meter).toHaveAttribute("aria-valuenow", "16");
  for (const session of [sessions[0], sessions[7], sessions[15]]) {
    if (!session) throw new Error("a shell is missing");
    const pane = paneOf(page, session);
    await take(pane);
    await run(page, `echo ${session.id}-is-$((20+2))`);
    await expect(screenOf(pane)).toContainText(`${session.id}-is-22`);
  }
});

test("Shift+Enter breaks the line in the prompt of Claude Code", async ({ app }) => {
  test.setTimeout(90_000);
  const { page, client } = app;
  await using demo = await prepareDemo({ folder: app.workFolder });
  await createDemo(client, demo);
  const pane = page.getByRole("region", { name: /^Terminal t-/ }).first();
  await expect(pane).toBeVisible({ timeout: 30_000 });
  const screen = screenOf(pane);
  await expect(screen).toContainText("❯", { timeout: 30_000 });
  await take(pane);
  await page.keyboard.type("upper");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("lower");
  const rowOf = (word: string) =>
    screen.locator("> div").evaluateAll((rows, wanted) => {
      const at = rows.findIndex((row) => row.textContent?.includes(wanted));
      return at;
    }, word);
  if (demo.claude.isReal) {
    await expect.poll(async () => (await rowOf("lower")) - (await rowOf("upper"))).toBe(1);
  } else await expect(screen).toContainText("❯ lower");
});
