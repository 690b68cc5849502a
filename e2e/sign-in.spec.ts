import { type Demo, prepareDemo } from "../demo/prepare-demo.ts";
import { findClaude, STAND_IN } from "../demo/stand-in/find-claude.ts";
import { expect, type RunningApp, test } from "./fixtures.ts";

const NAME = "max-1";

/** A profile that nobody is signed in to. */
async function addProfile({ client, page }: RunningApp, executable: string, baseUrl: string) {
  const env = {
    ANTHROPIC_BASE_URL: baseUrl,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_AUTOUPDATER: "1",
  };
  await client.call("profile.add", { name: NAME, plan: "max", executable, env });
  const { profile } = await client.call("profile.check", { name: NAME });
  expect(profile.state).toBe("signed-out");
  await page.keyboard.press("Alt+4");
}

async function begin(app: RunningApp) {
  const profiles = app.page.getByRole("list", { name: "Profiles" });
  await profiles.getByRole("button", { name: `Sign in to ${NAME}` }).click();
  return await offered(app);
}

/** The dialog, once it offers the link and its terminal asks for the code. */
async function offered({ page }: RunningApp) {
  const dialog = page.getByRole("dialog", { name: `Sign in to ${NAME}` });
  const link = dialog.getByRole("paragraph").filter({ hasText: /^https:\/\/.*oauth\/authorize/ });
  await expect(link).toBeVisible({ timeout: 20_000 });
  await expect(dialog.getByRole("button", { name: "Open in the browser" })).toBeVisible();
  const screen = dialog.locator(".xterm-rows");
  await expect(screen).toContainText(/paste code/i, { timeout: 20_000 });
  return { dialog, screen };
}

async function addTask(app: RunningApp, demo: Demo) {
  const { checks, ...project } = demo.project;
  await app.client.call("project.add", { ...project, checks: [...checks], approve: "human" });
  const [first] = demo.tasks;
  if (!first) throw new Error("the demo has no task");
  const { title, body } = first;
  return await app.client.call("task.create", { project: project.name, title, body });
}

test("a wrong code leaves a profile signed out, the second try signs in, and its task starts by itself", async ({
  app,
}) => {
  const { page, client } = app;
  await using demo = await prepareDemo({ folder: app.workFolder });
  await addProfile(app, STAND_IN, demo.model.url);
  const task = await addTask(app, demo);
  const why = await client.call("task.why", { task: task.id });
  expect(why.reasons.map(({ text }) => text).join(" ")).toMatch(/signed/);

  const first = await begin(app);
  await page.keyboard.insertText("bad-code");
  await page.keyboard.press("Enter");
  await expect(first.dialog.getByText(/The sign-in has ended/)).toBeVisible();
  await expect(first.screen).toContainText("Invalid code");
  const card = page.getByRole("list", { name: "Profiles" }).getByRole("listitem");
  await expect(card).toContainText("Signed out");

  await first.dialog.getByRole("button", { name: "Try again" }).click();
  const second = await offered(app);
  await page.keyboard.insertText("good-code");
  await page.keyboard.press("Enter");
  await expect(second.dialog.getByText(`${NAME} is signed in`)).toBeVisible({ timeout: 20_000 });
  await second.dialog.getByRole("button", { name: "Done" }).click();
  await expect(card).toContainText("Ready");
  await expect(card).toContainText("person@example.invalid");

  await expect
    .poll(async () => (await client.call("task.show", { task: task.id })).status, {
      timeout: 20_000,
    })
    .toMatch(/running|queued|landed/);
  const { profile } = await client.call("task.show", { task: task.id });
  expect(profile).toBe(NAME);
});

test("a sign-in that is cancelled leaves no session and the profile as it was", async ({ app }) => {
  const { page, client } = app;
  await using demo = await prepareDemo({ folder: app.workFolder });
  await addProfile(app, STAND_IN, demo.model.url);
  const { dialog } = await begin(app);
  await dialog.getByRole("button", { name: "Cancel sign-in" }).click();
  await expect(dialog).toHaveCount(0);
  await expect
    .poll(async () => (await client.call("session.list", {})).filter((each) => !each.endedAt))
    .toEqual([]);
  const card = page.getByRole("list", { name: "Profiles" }).getByRole("listitem");
  await expect(card).toContainText("Signed out");
  await expect(page.getByRole("meter", { name: `${NAME} sessions` })).toHaveAttribute(
    "aria-valuenow",
    "0",
  );
});

test("the login of the installed Claude Code shows its link, and refuses a code that is none", async ({
  app,
}) => {
  const claude = findClaude();
  test.skip(!claude.isReal, "Claude Code is not installed for this platform");
  const { page, client } = app;
  // Nobody listens there: a login must not need more than its own page.
  await addProfile(app, claude.executable, "http://127.0.0.1:9");
  const { dialog, screen } = await begin(app);
  await page.keyboard.insertText("no-code-at-all");
  await page.keyboard.press("Enter");
  await expect(screen).toContainText(/full code/);
  await page.keyboard.insertText("no-code#at-all");
  await page.keyboard.press("Enter");
  await expect(dialog.getByText(/The sign-in has ended/)).toBeVisible({ timeout: 20_000 });
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect
    .poll(async () => (await client.call("session.list", {})).filter((each) => !each.endedAt))
    .toEqual([]);
  const { profile } = await client.call("profile.check", { name: NAME });
  expect(profile.state).toBe("signed-out");
});
