import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
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

/** A program in the place of a browser: notes what it is called with. */
function writeBrowser(folder: string): { readonly program: string; readonly opened: () => string } {
  const program = path.join(folder, "a browser");
  const notes = path.join(folder, "opened");
  writeFileSync(program, `#!/bin/sh\necho "$@" >> '${notes}'\n`);
  chmodSync(program, 0o755);
  return { program, opened: () => (existsSync(notes) ? readFileSync(notes, "utf8") : "") };
}

const liveSessions = async ({ client }: RunningApp) =>
  (await client.call("session.list", {})).filter((each) => !each.endedAt);

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

test("the page opens in the profile's own browser, the code is given in the dialog, and the same account is named", async ({
  app,
}) => {
  const { page, client } = app;
  await using demo = await prepareDemo({ folder: app.workFolder });
  const browser = writeBrowser(app.workFolder);
  await addProfile(app, STAND_IN, demo.model.url);
  const command = `"${browser.program}" -P work`;
  await client.call("profile.set", { name: NAME, browser: command, colour: "teal" });
  const { dialog } = await begin(app);
  await expect.poll(browser.opened).toMatch(/^-P work https:\S+localhost\S+\n$/);
  await expect(dialog.getByText("The page is open in the browser of this profile.")).toBeVisible();
  await expect(dialog.getByRole("img", { name: "The sign-in link as a QR code" })).toBeVisible();
  // The code can be had on another device, from the page that does not come back to this one.
  await expect(
    dialog.getByRole("paragraph").filter({ hasText: /^https:\S+platform\.claude\.com/ }),
  ).toBeVisible();
  await dialog.getByLabel("Code from the page").fill("good-code");
  await dialog.getByRole("button", { name: "Send code" }).click();
  await expect(dialog.getByText(`${NAME} is signed in`)).toBeVisible({ timeout: 20_000 });
  await dialog.getByRole("button", { name: "Done" }).click();
  expect(browser.opened().split("\n")).toHaveLength(2);

  await client.call("profile.add", { name: "twin", plan: "max", executable: STAND_IN });
  const begun = await app.cli("profile", "login", "twin");
  expect(begun.json).toMatchObject({ codeLink: expect.stringContaining("oauth/authorize") });
  const wrong = await app.cli("profile", "login", "twin", "--code", "bad-code");
  expect(wrong.exitCode).toBe(1);
  expect(wrong.json).toMatchObject({ name: "twin", state: "signed-out" });
  await app.cli("profile", "login", "twin");
  const right = await app.cli("profile", "login", "twin", "--code", "good-code");
  expect(right.exitCode).toBe(0);
  expect(right.json).toMatchObject({
    state: "ready",
    account: { email: "person@example.invalid" },
  });
  const cards = page.getByRole("list", { name: "Profiles" }).getByRole("listitem");
  await expect(cards.filter({ hasText: "The same account as twin" })).toHaveCount(1);
  await expect(cards.filter({ hasText: `The same account as ${NAME}` })).toHaveCount(1);
});

test("two windows that sign in at once have one sign-in; cancelling it anywhere ends it everywhere", async ({
  app,
}) => {
  await using demo = await prepareDemo({ folder: app.workFolder });
  await addProfile(app, STAND_IN, demo.model.url);
  const { dialog } = await begin(app);
  const [running] = await liveSessions(app);
  const [second, third] = await Promise.all([
    app.client.call("profile.login", { name: NAME }),
    app.client.call("profile.login", { name: NAME }),
  ]);
  expect([second.id, third.id]).toEqual([running?.id, running?.id]);
  expect(await liveSessions(app)).toHaveLength(1);
  const cancelled = await app.cli("profile", "login", NAME, "--cancel");
  expect(cancelled.json).toEqual({ cancelled: running?.id });
  await expect(dialog.getByText(/The sign-in has ended/)).toBeVisible();
  expect(await liveSessions(app)).toEqual([]);
});

test("a browser that is not there is told where it is chosen, and where it was to open", async ({
  app,
}) => {
  await using demo = await prepareDemo({ folder: app.workFolder });
  const browser = writeBrowser(app.workFolder);
  await addProfile(app, STAND_IN, demo.model.url);
  const refused = await app.cli("profile", "set", NAME, "--browser", "no-such-browser -P x");
  expect(refused.exitCode).toBe(3);
  expect(refused.stderr).toContain("There is no browser no-such-browser.");
  await app.client.call("profile.set", { name: NAME, browser: `"${browser.program}"` });
  chmodSync(browser.program, 0o644);
  const { dialog } = await begin(app);
  await expect(dialog.getByText(/could not be opened.*has no permission to run/)).toBeVisible();
  await dialog.getByRole("button", { name: "Cancel sign-in" }).click();
});

test("a profile is added in one dialog, with a colour and what another one has, and imported from a script", async ({
  app,
}) => {
  const { page, client, workFolder } = app;
  await using demo = await prepareDemo({ folder: workFolder });
  const dir = path.join(workFolder, "first");
  mkdirSync(path.join(dir, "commands"), { recursive: true, mode: 0o700 });
  writeFileSync(path.join(dir, "commands", "ship.md"), "Ship it.");
  writeFileSync(path.join(dir, "settings.json"), '{"model":"opus","hooks":{"Stop":[]}}');
  const env = { ANTHROPIC_BASE_URL: demo.model.url };
  await client.call("profile.add", { name: "first", plan: "max", dir, executable: STAND_IN, env });

  await page.keyboard.press("Alt+4");
  await page.getByRole("button", { name: "Add profile" }).click();
  const dialog = page.getByRole("dialog", { name: "Add profile" });
  await dialog.getByLabel("Name").fill("second");
  await dialog.getByText("teal").click();
  await dialog.getByLabel("Take over from").selectOption("first");
  await dialog.getByLabel("Executable").fill(STAND_IN);
  await dialog.getByRole("button", { name: "Add and sign in" }).click();
  await expect(
    page.getByText(/Took over .*commands\/ship\.md.*Left out: settings: hooks/),
  ).toBeVisible();
  const signIn = page.getByRole("dialog", { name: "Sign in to second" });
  // At once, while it is still being started.
  await signIn.getByRole("button", { name: "Cancel sign-in" }).click();
  await expect.poll(() => liveSessions(app)).toEqual([]);
  const second = await client.call("profile.show", { name: "second" });
  expect(second.colour).toBe("teal");
  expect(statSync(second.dir ?? "").mode & 0o777).toBe(0o700);
  const taken = path.join(second.dir ?? "", "settings.json");
  expect(JSON.parse(readFileSync(taken, "utf8"))).toEqual({ model: "opus" });

  const wrapper = await app.cli(
    "profile",
    "wrapper",
    "second",
    "--out",
    path.join(workFolder, "claude-2nd"),
  );
  await client.call("profile.remove", { name: "second" });
  const imported = await app.cli("profile", "import", wrapper.json.file);
  expect(imported.json).toMatchObject([{ name: "2nd", dir: second.dir, executable: STAND_IN }]);
});

test("the login of the installed Claude Code shows both its links, refuses a code that is none, and leaves no process", async ({
  app,
}) => {
  test.setTimeout(90_000);
  const claude = findClaude();
  test.skip(!claude.isReal, "Claude Code is not installed for this platform");
  const { page, client } = app;
  // Nobody listens there: a login must not need more than its own page.
  await addProfile(app, claude.executable, "http://127.0.0.1:9");
  const { dialog, screen } = await begin(app);
  const [session] = await liveSessions(app);
  if (!session) throw new Error("no sign-in runs");
  await expect
    .poll(() => client.call("session.show", { session: session.id }))
    .toMatchObject({
      link: expect.stringMatching(/^https:\S+redirect_uri=http%3A%2F%2Flocalhost%3A\d+/),
      codeLink: expect.stringMatching(/^https:\S+redirect_uri=https%3A%2F%2Fplatform\.claude\.com/),
    });
  await page.keyboard.insertText("no-code-at-all");
  await page.keyboard.press("Enter");
  await expect(screen).toContainText(/full code/);
  await dialog.getByLabel("Code from the page").fill("no-code#at-all\n");
  await dialog.getByRole("button", { name: "Send code" }).click();
  await expect(dialog.getByText(/The sign-in has ended/)).toBeVisible({ timeout: 20_000 });

  await dialog.getByRole("button", { name: "Try again" }).click();
  await offered(app);
  const [second] = await liveSessions(app);
  const pid = (second && (await client.call("session.show", { session: second.id })).pid) ?? 0;
  expect(pid).toBeGreaterThan(0);
  await dialog.getByRole("button", { name: "Cancel sign-in" }).click();
  await expect.poll(() => liveSessions(app)).toEqual([]);
  expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  const { profile } = await client.call("profile.check", { name: NAME });
  expect(profile.state).toBe("signed-out");
});
