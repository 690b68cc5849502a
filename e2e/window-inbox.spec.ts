import path from "node:path";
import { runGit } from "../demo/run-git.ts";
import type { SessionId } from "../shared/model/ids.ts";
import { checkAccessibility } from "./check-accessibility.ts";
import { expect, type RunningApp, test } from "./fixtures.ts";
import { peek } from "./shell-workers.ts";
import { type AskedCall, writeAskingWorker } from "./worker-programs.ts";

const PROJECT = "asks";
const PATIENCE = { timeout: 30_000 };

/** Starts `count` tasks whose workers ask for these calls, and waits until each of them asks. */
async function startAsking(
  { client, workFolder }: RunningApp,
  count: number,
  calls: readonly AskedCall[],
): Promise<readonly SessionId[]> {
  const repository = path.join(workFolder, PROJECT);
  runGit(workFolder, "init", "-q", "-b", "main", repository);
  const author = ["-c", "user.name=A", "-c", "user.email=a@example.test"];
  runGit(repository, ...author, "commit", "-q", "--allow-empty", "-m", "first");
  const executable = writeAskingWorker(workFolder, calls);
  await client.call("profile.add", { name: "asking", plan: "max", executable });
  await client.call("project.add", { path: repository, name: PROJECT, withoutChecks: true });
  for (let n = 1; n <= count; n += 1) {
    await client.call("task.create", { project: PROJECT, title: `Ask ${n}` });
  }
  await expect.poll(async () => (await client.call("inbox.list", {})).length, PATIENCE).toBe(count);
  return (await client.call("inbox.list", {})).flatMap(({ session }) => session ?? []);
}

const bash = (command: string): AskedCall => ({ tool_name: "Bash", tool_input: { command } });

test("what waits is answered in the inbox by keys, and an answer given elsewhere takes its card away", async ({
  app,
}) => {
  test.setTimeout(90_000);
  const { page, client } = app;
  const sessions = await startAsking(app, 2, [
    bash("npm install left-pad"),
    {
      tool_name: "AskUserQuestion",
      tool_input: {
        questions: [
          {
            question: "Which colour?",
            multiSelect: false,
            options: [{ label: "Red" }, { label: "Blue", description: "As the sky" }],
          },
        ],
      },
    },
    { tool_name: "ExitPlanMode", tool_input: { plan: "# Paint it\n\n1. Buy paint." } },
  ]);
  const [mine, other] = sessions;
  if (!mine || !other) throw new Error("two sessions ask");
  // The end of a line on its screen is not one in what it was answered.
  const heard = async () => (await peek(app, mine)).replaceAll("\n", "");
  const cards = page.getByRole("list", { name: "Inbox" }).getByRole("listitem");
  await expect(page).toHaveTitle("(2) Switchyard");

  // From within a terminal to what waits longest.
  await page
    .getByRole("region", { name: /^Terminal / })
    .last()
    .click();
  await page.keyboard.press("Control+Shift+Period");
  await expect(cards).toHaveCount(2);
  await expect(cards.first().getByRole("button", { name: "Ask 1" })).toBeFocused();
  await expect(cards.first()).toContainText("npm install left-pad");
  await checkAccessibility(page, "inbox, permission");

  const [theirs] = (await client.call("inbox.list", {})).filter(({ session }) => session === other);
  if (!theirs?.ask) throw new Error("the other session asks");
  await client.call("ask.answer", { ask: theirs.ask.id, answer: { kind: "deny" } });
  await expect(cards.filter({ hasText: "npm install" })).toHaveCount(1);

  await page.keyboard.press("a");
  await expect.poll(heard, PATIENCE).toContain('"behavior":"allow"');
  const question = cards.filter({ hasText: "Ask 1" });
  await expect(question).toContainText("Which colour?");
  await expect(question.getByRole("button", { name: "Answer" })).toBeDisabled();
  await question.getByRole("radio", { name: "Blue" }).check();
  await checkAccessibility(page, "inbox, question");
  await question.getByRole("button", { name: "Answer" }).click();
  await expect.poll(heard, PATIENCE).toContain('"Which colour?":"Blue"');

  const plan = cards.filter({ hasText: "Paint it" });
  await expect(plan).toContainText("1. Buy paint.");
  await plan.getByRole("button", { name: "Ask 1" }).focus();
  await page.keyboard.press("d");
  const note = plan.getByRole("textbox", { name: /note for the worker/ });
  await expect(note).toBeFocused();
  await checkAccessibility(page, "inbox, note");
  await page.keyboard.insertText("Paint it green.");
  await page.keyboard.press("Enter");
  await expect.poll(heard, PATIENCE).toContain("Paint it green.");
  await expect(plan).toHaveCount(0);

  // The other worker has gone on to its question, and the count with it.
  await expect(page).toHaveTitle("(1) Switchyard");
  await page.keyboard.press("Alt+1");
  await page.getByRole("button", { name: "1 needs you" }).click();
  await expect(cards).toContainText("Which colour?");
});

test("everything is stopped by a button that asks first, says so for as long as it lasts, and goes on", async ({
  app,
}) => {
  test.setTimeout(90_000);
  const { page, client } = app;
  await startAsking(app, 2, [bash("npm install left-pad")]);
  await page.getByRole("button", { name: "Stop all" }).click();
  const dialog = page.getByRole("dialog", { name: "Stop all sessions" });
  await expect(dialog.getByRole("textbox")).toBeFocused();
  await checkAccessibility(page, "stop all");
  await page.keyboard.insertText("The demo begins");
  await dialog.getByRole("button", { name: "Stop 2 sessions" }).click();
  await expect(dialog).toHaveCount(0, PATIENCE);
  const banner = page.getByRole("alert").filter({ hasText: "Everything is stopped." });
  await expect(banner).toContainText("The demo begins");
  await checkAccessibility(page, "halted");
  expect((await client.call("app.status", {})).sessions.working ?? 0).toBe(0);
  await banner.getByRole("button", { name: "Resume" }).click();
  await expect(banner).toHaveCount(0);
  await expect
    .poll(async () => (await client.call("inbox.list", {})).length, PATIENCE)
    .toBeGreaterThan(0);
});

test("the system tells what waits, but not what the command holds, and a press on it leads there", async ({
  app,
}) => {
  test.setTimeout(90_000);
  const { page, electron } = app;
  await page.addInitScript(takeNotifications);
  await page.reload();
  await expect(page.getByRole("list", { name: "Findings" })).toBeVisible();
  await startAsking(app, 1, [bash("deploy --token=hunter2")]);
  const told = () => page.evaluate(() => (window as unknown as Told).told);
  await expect.poll(async () => (await told()).at(-1)?.text).toBe("It asks for a permission.");
  expect(JSON.stringify(await told())).not.toContain("hunter2");
  expect((await told()).at(-1)?.title).toBe("Ask 1");

  const appWindow = electron ? await electron.browserWindow(page) : null;
  await appWindow?.evaluate((shown) => shown.hide());
  await page.evaluate(() => (window as unknown as Told).press());
  await expect(page.getByRole("list", { name: "Inbox" })).toContainText("deploy --token=hunter2");
  if (appWindow)
    await expect.poll(() => appWindow.evaluate((shown) => shown.isVisible())).toBe(true);
});

interface Told {
  readonly told: readonly { readonly title: string; readonly text: string }[];
  press(): void;
}

/** Runs in the page before anything else of it: what would go to the system is kept. */
function takeNotifications(): void {
  const told: { title: string; text: string }[] = [];
  let newest: EventTarget | null = null;
  class Notification extends EventTarget {
    static readonly permission = "granted";
    constructor(title: string, options: { readonly body: string }) {
      super();
      told.push({ title, text: options.body });
      newest = this;
    }
    close() {}
  }
  Object.assign(window, {
    Notification,
    told,
    press: () => newest?.dispatchEvent(new Event("click")),
  });
}
