import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import { type Demo, prepareDemo } from "../demo/prepare-demo.ts";
import { createDemo } from "../demo/run-demo.ts";
import { runGit } from "../demo/run-git.ts";
import { checkAccessibility } from "./check-accessibility.ts";
import { expect, type RunningApp, test } from "./fixtures.ts";

const queueOf = (page: Page) => page.getByRole("list", { name: "Merge queue" });
const tasksOf = (page: Page) => page.getByRole("list", { name: "Tasks" });

/** The demo's plan under way, with a person who approves what lands. */
async function startApproved(app: RunningApp, demo: Demo): Promise<void> {
  await createDemo(app.client, demo);
  await app.client.call("project.set", { project: demo.project.name, approve: "human" });
}

async function runFromPalette(page: Page, text: string): Promise<void> {
  await page.keyboard.press("Control+Shift+P");
  const palette = page.getByRole("dialog", { name: "Command palette" });
  const field = palette.getByRole("combobox");
  await expect(field).toBeFocused();
  await page.keyboard.insertText(text);
  await expect(palette.getByRole("option").first()).toContainText(text);
  await page.keyboard.press("Enter");
}

test("a person reads a diff and the checks, returns one entry with a note and approves the next, by keys alone", async ({
  app,
}) => {
  test.setTimeout(180_000);
  const { page, client } = app;
  await using demo = await prepareDemo({ folder: app.workFolder });
  await startApproved(app, demo);
  await page.keyboard.press("Alt+3");
  const waiting = queueOf(page).getByRole("listitem").filter({ hasText: "Awaiting approval" });
  await expect(waiting.first()).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press("Alt+3");
  await waiting.first().getByRole("button").focus();
  await page.keyboard.press("Enter");
  const detail = page.getByRole("complementary", { name: /^Entry q-/ });
  const entry = ((await detail.getAttribute("aria-label")) ?? "").replace("Entry ", "");
  const title = (await detail.getByRole("heading", { level: 2 }).textContent()) ?? "";
  await page.keyboard.press("d");
  await expect(detail.getByRole("tab", { name: "Diff" })).toHaveAttribute("aria-selected", "true");
  await expect(detail.getByText(/^src\/.*\.js$/).first()).toBeVisible();
  // Pressed again it goes into the lines; what is written on one outlives a reload.
  await page.keyboard.press("d");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(detail.getByRole("textbox")).toBeFocused();
  await page.keyboard.insertText("Say what it counts.");
  await page.keyboard.press("Control+Enter");
  await expect(detail.getByRole("textbox")).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("navigation", { name: "Views" })).toContainText("Queue");
  await page.keyboard.press("Alt+3");
  await queueOf(page).getByRole("button").filter({ hasText: title }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("d");
  const comments = detail.getByRole("region", { name: "Comments" });
  await expect(comments).toContainText("Say what it counts.");
  await page.keyboard.press("c");
  await detail.getByText("Passed").first().click();
  await expect(detail.getByText(/# pass \d+|ℹ pass \d+/).first()).toBeVisible();

  await page.keyboard.press("r");
  const dialog = page.getByRole("dialog", { name: `Return ${entry} to its worker` });
  await expect(dialog.getByRole("list", { name: "Comments that are sent" })).toContainText(
    "Say what it counts.",
  );
  await expect(dialog.getByRole("textbox")).toBeFocused();
  await page.keyboard.insertText("Name the function differently.");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);
  const returned = page.getByRole("list", { name: "Left the queue" });
  await expect(returned.getByRole("listitem").filter({ hasText: entry })).toContainText("Returned");
  await expect(comments).toHaveCount(0);
  const closed = await client.call("queue.list", { isWithClosed: true });
  const task = closed.find((each) => each.id === entry)?.task;
  if (!task) throw new Error(`${entry} is gone`);
  await expect
    .poll(async () => (await client.call("task.show", { task })).status)
    .toMatch(/ready|running/);

  await expect(waiting.first()).toBeVisible({ timeout: 60_000 });
  await waiting.first().getByRole("button").focus();
  await page.keyboard.press("Enter");
  await expect(detail).toBeVisible();
  const next = ((await detail.getAttribute("aria-label")) ?? "").replace("Entry ", "");
  await page.keyboard.press("a");
  await expect
    .poll(async () => (await client.call("queue.show", { entry: next as never })).state, {
      timeout: 30_000,
    })
    .toBe("landed");
  const landed = page.getByRole("list", { name: "Landed" });
  await expect(landed.getByRole("listitem").filter({ hasText: next })).toContainText("landed");

  // The one after it from the inbox, where a yes takes a second press.
  await page.keyboard.press("Alt+6");
  const cards = page.getByRole("list", { name: "Inbox" }).getByRole("listitem");
  const review = cards.filter({ hasText: "Approve" }).first();
  await expect(review).toBeVisible({ timeout: 60_000 });
  const last = (await review.getByText(/^q-\d+$/).textContent()) ?? "";
  const card = cards.filter({ hasText: last });
  await card.getByRole("button").first().focus();
  await page.keyboard.press("a");
  await expect(card.getByRole("button", { name: "Let it land?" })).toBeVisible();
  await page.keyboard.press("a");
  await expect
    .poll(async () => (await client.call("queue.show", { entry: last as never })).state, {
      timeout: 30_000,
    })
    .toBe("landed");
});

test("every view is there for everyone, in light and in dark, and none breaks the policy", async ({
  app,
}) => {
  test.setTimeout(180_000);
  const { page, client } = app;
  const broken: string[] = [];
  await page.exposeFunction("noteViolation", (text: string) => broken.push(text));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const { noteViolation } = window as unknown as { noteViolation(text: string): void };
      noteViolation(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`);
    });
  });
  await page.reload();
  await expect(page.getByRole("list", { name: "Findings" })).toBeVisible();
  await checkAccessibility(page, "first run");
  await using demo = await prepareDemo({ folder: app.workFolder });
  await startApproved(app, demo);
  await expect
    .poll(
      async () =>
        (await client.call("queue.list", {})).filter(({ state }) => state === "awaiting-approval")
          .length,
      { timeout: 60_000 },
    )
    .toBeGreaterThan(0);

  for (const theme of ["light", "dark"] as const) {
    await runFromPalette(page, `Theme: ${theme}`);
    await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
    const check = (where: string) =>
      checkAccessibility(page, `${where}, ${theme}`, theme === "dark" ? ["color-contrast"] : null);

    await page.keyboard.press("Alt+1");
    await expect(page.getByRole("region", { name: /^Terminal t-/ }).first()).toBeVisible();
    await check("terminals");

    await page.keyboard.press("Alt+2");
    await tasksOf(page).getByText("Export the new functions").click();
    const task = page.getByRole("complementary", { name: /^Task t-/ });
    await expect(task.getByText("Why it is not running")).toBeVisible();
    await expect(task.getByRole("listitem").first()).toContainText(/waits for t-/);
    await check("tasks");
    await page.keyboard.press("Control+Shift+N");
    await check("new task");
    await page.keyboard.press("Escape");

    await page.keyboard.press("Alt+3");
    await queueOf(page).getByRole("button").first().click();
    for (const tab of ["Summary", "Diff", "Checks"]) {
      await page.getByRole("tab", { name: tab }).click();
      await check(`queue, ${tab}`);
    }

    await page.keyboard.press("Alt+4");
    const profiles = page.getByRole("list", { name: "Profiles" });
    await profiles.getByRole("button", { name: "Check", exact: true }).first().click();
    await expect(profiles.getByRole("list", { name: "Findings" })).toBeVisible();
    await check("profiles");

    await page.keyboard.press("Alt+5");
    await expect(page.getByRole("list", { name: "Activity" })).toContainText("awaiting approval");
    await check("activity");

    await page.keyboard.press("Alt+6");
    const inbox = page.getByRole("list", { name: "Inbox" });
    await expect(inbox.getByRole("listitem").filter({ hasText: "Review" }).first()).toBeVisible();
    await check("inbox");

    await page.getByRole("button", { name: "Project settings" }).click();
    for (const part of ["Settings", "Allowed for good", "Removed worktrees"]) {
      await page.getByRole("button", { name: part, exact: true }).click();
      await check(`project, ${part}`);
    }
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Notifications" }).click();
    await check("notifications");
    await page.keyboard.press("Escape");

    await page.keyboard.press("Control+Shift+P");
    await check("palette");
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await check("keys");
    await page.keyboard.press("Escape");
    await runFromPalette(page, "Check this machine");
    await expect(page.getByRole("list", { name: "Findings" }).last()).toBeVisible();
    await check("doctor");
    await page.keyboard.press("Escape");
  }
  expect(broken).toEqual([]);
});

test("the palette does by keyboard what the views do", async ({ app }) => {
  const { page, client } = app;
  await using demo = await prepareDemo({ folder: app.workFolder });
  const project = await client.call("project.add", {
    ...demo.project,
    checks: [...demo.project.checks],
  });
  await client.call("profile.add", { name: "max-1", plan: "max", executable: "/bin/false" });
  const input = { project: project.name, title: "Timetable", isDraft: true };
  const plan = await client.call("plan.create", input);
  const task = await client.call("task.create", {
    project: project.name,
    plan: plan.id,
    title: "Write a page",
  });
  const stateOfPlan = async () => (await client.call("plan.show", { plan: plan.id })).plan.state;
  const statusOfTask = async () => (await client.call("task.show", { task: task.id })).status;

  await runFromPalette(page, "Show tasks");
  await expect(tasksOf(page)).toBeVisible();
  await runFromPalette(page, "Activate plan Timetable");
  await expect.poll(stateOfPlan).toBe("active");
  await runFromPalette(page, "Pause plan Timetable");
  await expect.poll(stateOfPlan).toBe("paused");
  await runFromPalette(page, "Pause the merge queue");
  await expect
    .poll(async () => (await client.call("project.show", { project: project.name })).queue.state)
    .toBe("paused");
  await runFromPalette(page, "Check max-1");
  await expect(page.getByRole("list", { name: "Profiles" })).toBeVisible();

  // What cannot be taken back is asked for twice.
  await runFromPalette(page, `Cancel ${task.id} Write a page`);
  await expect(page.getByRole("status").filter({ hasText: "Press again" })).toBeVisible();
  expect(await statusOfTask()).not.toBe("cancelled");
  await page.keyboard.press("Enter");
  await expect.poll(statusOfTask).toBe("cancelled");

  await runFromPalette(page, "Check this machine");
  const doctor = page.getByRole("dialog", { name: "Check this machine" });
  await expect(doctor.getByRole("list", { name: "Findings" })).toBeVisible();
});

test("lists are gone through by keys, and the theme by its button", async ({ app }) => {
  const { page, client } = app;
  await using demo = await prepareDemo({ folder: app.workFolder });
  const { name: project } = await client.call("project.add", {
    ...demo.project,
    checks: [...demo.project.checks],
  });
  await client.call("profile.add", { name: "max-1", plan: "max", isDisabled: true });
  for (const title of ["One", "Two", "Three"]) await client.call("task.create", { project, title });
  await page.keyboard.press("Alt+2");
  const rows = tasksOf(page).getByRole("button");
  await expect(rows).toHaveCount(3);
  await rows.first().focus();
  await page.keyboard.press("j");
  await page.keyboard.press("ArrowDown");
  await expect(rows.nth(1)).toBeFocused();
  await expect(page.getByRole("heading", { name: "Two" })).toBeVisible();
  await page.keyboard.press("End");
  await expect(rows.nth(2)).toBeFocused();
  await page.keyboard.press("k");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("complementary")).toHaveCount(0);
  await page.keyboard.press("/");
  await page.keyboard.insertText("three");
  await expect(rows).toHaveCount(1);

  const html = page.locator("html");
  const theme = page.getByRole("button", { name: /^Theme: / });
  await theme.click();
  await expect(html).toHaveAttribute("data-theme", "light");
  await theme.click();
  await expect(html).toHaveAttribute("data-theme", "dark");
  await page.reload();
  await expect(html).toHaveAttribute("data-theme", "dark");
  await theme.click();
  await expect(html).not.toHaveAttribute("data-theme", /./);
});

test("what a person has not committed is announced, and a choice takes the announcement away", async ({
  app,
}) => {
  const { page, client } = app;
  await using demo = await prepareDemo({ folder: app.workFolder });
  const { name: project, path: checkout } = await client.call("project.add", {
    ...demo.project,
    checks: [...demo.project.checks],
  });
  await client.call("profile.add", { name: "max-1", plan: "max", isDisabled: true });
  const banner = page.getByRole("region", { name: "Uncommitted changes" });
  const lookAgain = () => page.evaluate(() => dispatchEvent(new Event("focus")));
  await page.keyboard.press("Alt+2");
  await expect(banner).toHaveCount(0);

  writeFileSync(path.join(checkout, "notes.txt"), "mine\n");
  await client.call("task.create", { project, title: "A task that would lack the notes" });
  await expect(banner).toContainText("1 file of your checkout is not committed");
  await expect(banner).toContainText("notes.txt");
  await checkAccessibility(page, "uncommitted changes");
  await banner.getByRole("button", { name: "Commit…" }).click();
  const dialog = page.getByRole("dialog", { name: "Commit 1 file" });
  await expect(dialog.getByRole("textbox", { name: "Message" })).toBeFocused();
  await page.keyboard.insertText("Keep my notes");
  await page.keyboard.press("Enter");
  await expect(banner).toHaveCount(0);
  expect(runGit(checkout, "log", "-1", "--format=%s").trim()).toBe("Keep my notes");

  writeFileSync(path.join(checkout, "notes.txt"), "mine again\n");
  await lookAgain();
  await banner.getByRole("button", { name: "Leave" }).click();
  await expect(banner).toHaveCount(0);
  expect((await client.call("project.changes", { project })).settled).toBe("leave");
});
