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
  await question.getByRole("button", { name: "Ask 1" }).focus();
  await page.keyboard.press("2");
  await expect(question.getByRole("radio", { name: "Blue" })).toBeChecked();
  await checkAccessibility(page, "inbox, question");
  await page.keyboard.press("a");
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

test("what waits is answered in the palette by keys, from wherever one is", async ({ app }) => {
  test.setTimeout(90_000);
  const { page } = app;
  const ask = (questions: readonly object[]): AskedCall => ({
    tool_name: "AskUserQuestion",
    tool_input: { questions },
  });
  const colour = { question: "Which colour?", multiSelect: false };
  const [session] = await startAsking(app, 1, [
    bash("npm install left-pad"),
    ask([{ ...colour, options: [{ label: "Red" }, { label: "Blue" }] }]),
    ask([
      {
        ...colour,
        question: "Which parts?",
        multiSelect: true,
        options: [{ label: "Lid" }, { label: "Box" }],
      },
      { ...colour, question: "How thick?", options: [{ label: "Thin" }, { label: "Thick" }] },
    ]),
    bash("npm publish"),
  ]);
  if (!session) throw new Error("a session asks");
  const heard = async () => (await peek(app, session)).replaceAll("\n", "");
  const palette = page.getByRole("dialog", { name: "Command palette" });
  const choose = async (typed: string, title: RegExp) => {
    // What waits is in the palette that was opened after it came.
    await expect
      .poll(async () => {
        if (await palette.isVisible()) await page.keyboard.press("Escape");
        await expect(palette).toHaveCount(0);
        await page.keyboard.press("Control+Shift+P");
        await page.keyboard.insertText(typed);
        return palette.getByRole("option").first().textContent();
      }, PATIENCE)
      .toMatch(title);
  };
  await choose("allow once ask 1", /^Allow once: Ask 1: npm install/);
  await expect(palette.getByText("npm install left-pad", { exact: true })).toBeVisible();
  await checkAccessibility(page, "palette, permission");
  await page.keyboard.press("Enter");
  await expect(palette).toHaveCount(0);
  await expect.poll(heard, PATIENCE).toContain('"behavior":"allow"');

  await choose("answer blue", /^Answer “Blue”: Ask 1: Which colour/);
  await page.keyboard.press("Enter");
  await expect.poll(heard, PATIENCE).toContain('"Which colour?":"Blue"');

  await choose("answer parts", /^Answer: Ask 1: Which parts/);
  await page.keyboard.press("Enter");
  const parts = palette.getByRole("textbox", { name: /Numbers of what you choose/ });
  await expect(parts).toBeFocused();
  await checkAccessibility(page, "palette, question");
  await page.keyboard.press("Enter");
  await expect(parts, "nothing is sent without an answer").toBeFocused();
  await page.keyboard.insertText("1, 2");
  await page.keyboard.press("Enter");
  const thick = palette.getByRole("textbox", { name: /The number of what you choose/ });
  await expect(thick).toBeFocused();
  await page.keyboard.insertText("as paper");
  await page.keyboard.press("Enter");
  await expect.poll(heard, PATIENCE).toContain('"How thick?":"as paper"');
  expect(await heard()).toContain('"Which parts?":"Lid, Box"');

  await choose("deny publish", /^Deny: Ask 1: npm publish/);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect(palette.getByRole("combobox"), "back in the list").toBeFocused();
  await choose("deny publish", /^Deny: Ask 1: npm publish/);
  await page.keyboard.press("Enter");
  await page.keyboard.insertText("Not today.");
  await page.keyboard.press("Enter");
  await expect.poll(heard, PATIENCE).toContain("Not today.");
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
  const system = await watchNotifications(app);
  await startAsking(app, 1, [bash("deploy --token=hunter2")]);
  await expect
    .poll(async () => (await system.told()).at(-1)?.text)
    .toBe("It asks for a permission.");
  expect(JSON.stringify(await system.told())).not.toContain("hunter2");
  expect((await system.told()).at(-1)?.title).toBe("Ask 1");

  const appWindow = electron ? await electron.browserWindow(page) : null;
  await appWindow?.evaluate((shown) => shown.hide());
  await system.press("click");
  const card = page.getByRole("list", { name: "Inbox" }).getByRole("listitem");
  await expect(card).toContainText("deploy --token=hunter2");
  await expect(card.getByRole("button", { name: "Ask 1" })).toBeFocused();
  if (appWindow)
    await expect.poll(() => appWindow.evaluate((shown) => shown.isVisible())).toBe(true);
});

test("a permission is denied from its notification unseen; one that shows what is asked takes a yes, or an answer", {
  tag: "@desktop",
}, async ({ app }) => {
  test.setTimeout(90_000);
  const { page } = app;
  const system = await watchNotifications(app);
  const [session] = await startAsking(app, 1, [
    bash("deploy --token=hunter2"),
    bash("npm install left-pad"),
    bash("npm test"),
    {
      tool_name: "AskUserQuestion",
      tool_input: {
        questions: [
          {
            question: "Which colour?",
            multiSelect: false,
            options: [{ label: "Red" }, { label: "Blue" }],
          },
        ],
      },
    },
  ]);
  if (!session) throw new Error("a session asks");
  const heard = async () => (await peek(app, session)).replaceAll("\n", "");
  const newest = async () => (await system.told()).at(-1);
  const count = async () => (await system.told()).length;
  await expect.poll(async () => (await newest())?.acts, PATIENCE).toEqual(["Deny", "Look"]);
  const before = await count();
  await system.press("action", { actionIndex: 0, selectionIndex: -1 });
  await expect.poll(heard, PATIENCE).toContain('"behavior":"deny"');

  await expect.poll(count, PATIENCE).toBeGreaterThan(before);
  await page.getByRole("button", { name: "Notifications" }).click();
  await page.getByRole("checkbox", { name: "Show the command or the question itself" }).check();
  await page.keyboard.press("Escape");
  await system.press("action", { actionIndex: 0, selectionIndex: -1 });
  await expect.poll(newest, PATIENCE).toMatchObject({
    text: "npm test",
    acts: ["Allow once", "Deny"],
  });
  await system.press("action", { actionIndex: 0, selectionIndex: -1 });
  await expect.poll(heard, PATIENCE).toContain('"behavior":"allow"');
  await expect.poll(newest, PATIENCE).toMatchObject({
    text: "Which colour?\n  1  Red\n  2  Blue",
    hasReply: true,
  });
  await system.press("reply", { reply: "2" });
  await expect.poll(heard, PATIENCE).toContain('"Which colour?":"Blue"');
  expect(await system.told()).not.toContainEqual(
    expect.objectContaining({ text: expect.stringContaining("hunter2") }),
  );
});

interface Told {
  readonly title: string;
  readonly text: string;
  /** What stands on its buttons. */
  readonly acts: readonly string[];
  readonly hasReply: boolean;
}

interface System {
  told(): Promise<readonly Told[]>;
  /** Does with the newest of it what a person would; only the desktop shell's have buttons. */
  press(event: "click" | "action" | "reply", details?: object): Promise<void>;
}

/** What goes to the system from now on. */
async function watchNotifications({ page, electron }: RunningApp): Promise<System> {
  const findings = page.getByRole("list", { name: "Findings" });
  if (!electron) {
    await page.addInitScript(keepNotifications);
    await page.reload();
    await expect(findings).toBeVisible();
    return {
      told: () => page.evaluate(() => (window as unknown as Kept).told),
      press: () => page.evaluate(() => (window as unknown as Kept).press()),
    };
  }
  await expect(findings).toBeVisible();
  await electron.evaluate(({ Notification }) => {
    const shown: Electron.Notification[] = [];
    Object.assign(globalThis, { shown });
    const { show } = Notification.prototype;
    Notification.prototype.show = function (this: Electron.Notification) {
      shown.push(this);
      show.call(this);
    };
  });
  return {
    told: () =>
      electron.evaluate(() =>
        (globalThis as unknown as { shown: Electron.Notification[] }).shown.map(
          ({ title, body, actions, hasReply }) => ({
            title,
            text: body,
            acts: actions.map(({ text }) => text ?? ""),
            hasReply,
          }),
        ),
      ),
    press: (event, details = {}) =>
      electron.evaluate(
        (_electron, [name, told]) => {
          const { shown } = globalThis as unknown as { shown: NodeJS.EventEmitter[] };
          shown.at(-1)?.emit(name, told);
        },
        [event, details] as const,
      ),
  };
}

interface Kept {
  readonly told: readonly Told[];
  press(): void;
}

/** Runs in the page before anything else of it: what would go to the system is kept. */
function keepNotifications(): void {
  const told: Told[] = [];
  let newest: EventTarget | null = null;
  class Notification extends EventTarget {
    static readonly permission = "granted";
    constructor(title: string, options: { readonly body: string }) {
      super();
      told.push({ title, text: options.body, acts: [], hasReply: false });
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
