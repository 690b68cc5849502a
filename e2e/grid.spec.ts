import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Locator, Page } from "@playwright/test";
import type { Session } from "../shared/model/session.ts";
import { expect, test } from "./fixtures.ts";
import { peek, startShells } from "./shell-workers.ts";

test.setTimeout(120_000);

const paneOf = (page: Page, session: Session | undefined) =>
  page.getByRole("region", { name: `Terminal ${session?.name}`, exact: true });

async function boxOf(pane: Locator) {
  const box = await pane.boundingBox();
  if (!box) throw new Error("the pane is not in view");
  return box;
}

test("panes are dragged beside each other, their edges moved by keys, and all of it is there in the next window", async ({
  app,
}) => {
  const { page } = app;
  const [first, second] = await startShells(app, 2);
  const [one, other] = [paneOf(page, first), paneOf(page, second)];
  const [from, onto] = [await boxOf(one), await boxOf(other)];
  await page.mouse.move(from.x + from.width / 2, from.y + 14);
  await page.mouse.down();
  await page.mouse.move(onto.x + onto.width - 12, onto.y + onto.height / 2, { steps: 4 });
  await expect(page.getByText(`Right of ${second?.name}`)).toBeVisible();
  await page.mouse.up();
  await expect.poll(async () => (await boxOf(one)).x > (await boxOf(other)).x).toBe(true);

  const edge = page.getByRole("separator", {
    name: `Edge between ${second?.name} and ${first?.name}`,
  });
  const narrow = (await boxOf(one)).width;
  await edge.focus();
  await page.keyboard.press("Shift+ArrowLeft");
  await expect.poll(async () => (await boxOf(one)).width).toBeGreaterThan(narrow + 40);
  const wide = (await boxOf(one)).width;

  await other.locator(".xterm-screen").click();
  await page.keyboard.press("Control+Shift+ArrowRight");
  await expect(one).toHaveAttribute("data-focused", "true");
  await page.keyboard.press("F6");
  await expect(one.getByRole("button").first()).toBeFocused();
  await page.keyboard.press("F6");
  await expect(one.locator("textarea.xterm-helper-textarea")).toBeFocused();

  const kept = path.join(app.home, "layouts.json");
  await expect.poll(() => existsSync(kept) && readFileSync(kept, "utf8")).toContain("custom");
  await page.reload();
  await expect(one).toBeVisible();
  await expect.poll(async () => (await boxOf(one)).width).toBe(wide);
});

test("who has no place waits in the strip and comes in by a press, and a layout is saved by name", async ({
  app,
}) => {
  const { page } = app;
  const [first, second] = await startShells(app, 2);
  await page.getByRole("button", { name: /^Focus/ }).click();
  await expect(paneOf(page, second)).toHaveCount(0);
  const strip = page.getByRole("list", { name: "Other terminals" });
  await expect(strip).toContainText("$", { timeout: 15_000 });
  await strip.getByRole("button", { name: `Show terminal ${second?.name}` }).click();
  await expect(paneOf(page, second)).toBeVisible();
  await expect(paneOf(page, first)).toHaveCount(0);

  await page.getByRole("button", { name: "Saved layouts" }).click();
  const dialog = page.getByRole("dialog", { name: "Saved layouts" });
  await dialog.getByRole("textbox").fill("One by one");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("listitem")).toContainText("One by one");
  await page.keyboard.press("Escape");
  const tabs = page.getByRole("navigation", { name: "Layouts" });
  await expect(tabs.getByRole("button", { name: "One by one", exact: true })).toBeVisible();
});

test("a locked pane has every key, and the badge and the same keys are the way out", async ({
  app,
}) => {
  const { page } = app;
  const [first] = await startShells(app, 1);
  const pane = paneOf(page, first);
  await pane.locator(".xterm-screen").click();
  const palette = page.getByRole("dialog", { name: "Command palette" });
  const badge = page.getByRole("button", { name: /Every key goes to the pane/ });
  await page.keyboard.press("Control+Shift+K");
  await expect(badge).toBeVisible();
  await page.keyboard.insertText("cat -v");
  await page.keyboard.press("Enter");
  // Elsewhere it shows the tasks; a terminal sends it as Escape and the digit.
  await page.keyboard.press("Alt+2");
  await page.keyboard.press("Control+Shift+P");
  await page.keyboard.press("Enter");
  await expect(pane.locator(".xterm-rows")).toContainText("^[2");
  await expect(palette).toHaveCount(0);
  await page.keyboard.press("Control+Shift+K");
  await expect(badge).toHaveCount(0);
  await page.keyboard.press("Control+Shift+P");
  await expect(palette).toBeVisible();
});

test("keys of one's own work after a look elsewhere, and a slip in their file is told with its line", async ({
  app,
}) => {
  const { page, client } = app;
  await startShells(app, 1);
  const file = path.join(app.home, "keys.yaml");
  const comeBack = () => page.evaluate(() => dispatchEvent(new Event("focus")));
  const palette = page.getByRole("dialog", { name: "Command palette" });
  writeFileSync(file, "keys:\n  palette: F9\n");
  await comeBack();
  await expect(async () => {
    await page.keyboard.press("F9");
    await expect(palette).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.keyboard.press("Escape");

  writeFileSync(file, "keys:\n  palette: F9\n  reply: Mod+R\n");
  await comeBack();
  await expect(page.getByRole("alert")).toContainText("keys.yaml:3: keys.reply");
  const findings = await client.call("app.doctor", {});
  expect(findings.find(({ name }) => name === "Keys")).toMatchObject({ result: "bad" });
  await page.keyboard.press("F9");
  await expect(palette).toBeVisible();
});

test("a message to several reaches those that are chosen, after a look at who they are", async ({
  app,
}) => {
  const { page } = app;
  const [first, second] = await startShells(app, 2);
  if (!first || !second) throw new Error("two shells were not started");
  await paneOf(page, first).locator(".xterm-screen").click();
  await page.keyboard.press("Control+Shift+B");
  const bar = page.getByRole("region", { name: "Broadcast" });
  await bar.getByRole("checkbox", { name: new RegExp(second.name) }).uncheck();
  await expect(bar.getByRole("status")).toContainText("goes to 1 terminal");
  await bar.getByRole("textbox").fill("echo heard-$((6*7))");
  await page.keyboard.press("Enter");
  const asked = page.getByRole("dialog", { name: "Send to 1 terminal?" });
  const receivers = asked.getByRole("list", { name: "Who gets it" }).getByRole("listitem");
  await expect(receivers).toHaveText([new RegExp(first.name)]);
  await asked.getByRole("button", { name: "Send to 1" }).click();
  await expect.poll(() => peek(app, first.id)).toContain("heard-42");
  expect(await peek(app, second.id)).not.toContain("heard");
  // A shell confirms no message, and that is said.
  await expect(page.getByRole("alert").last()).toContainText("Sent to 0 of 1", { timeout: 20_000 });
});
