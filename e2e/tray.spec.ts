import { expect, type RunningApp, test } from "./fixtures.ts";
import { writeSignedOutWorker } from "./worker-programs.ts";

// In Electron the icon itself and its menu as the system draws it can only be looked at by a person; what is handed to the system is here.

interface Tray {
  /** What the menu said last, line by line. */
  labels(): Promise<readonly string[]>;
  tooltip(): Promise<string>;
  /** How often anything was drawn. */
  drawings(): Promise<number>;
  press(label: string): Promise<void>;
}

test("the tray shows what the window's meters show, and its entries lead there", {
  tag: "@desktop",
}, async ({ app }) => {
  const { page } = app;
  const tray = await watchTray(app);
  await addProfile(app, 4);
  await expect
    .poll(async () => tray.labels())
    .toEqual([
      "Nothing waits for you",
      "max-1: 0 of 4 sessions, signed out",
      "Sign in to max-1…",
      "Five hours: not known yet",
      "Week: not known yet",
      "Stop all…",
      "Open Switchyard",
    ]);
  expect(await tray.tooltip()).toBe("Nothing waits for you\n0 of 0 sessions\nmax-1 0 of 4");
  await expect(page.getByRole("meter", { name: "max-1 sessions" })).toHaveAttribute(
    "aria-valuetext",
    "0 of 4",
  );

  await tray.press("max-1: 0 of 4 sessions, signed out");
  const card = page.getByRole("list", { name: "Profiles" }).getByRole("listitem");
  await expect(card).toBeFocused();
  await tray.press("Nothing waits for you");
  await expect(page.getByRole("button", { name: "Inbox" })).toHaveAttribute("aria-current", "page");

  await tray.press("Stop all…");
  await page.getByRole("dialog").getByRole("button", { name: "Stop all" }).click();
  await expect.poll(async () => (await tray.labels())[0]).toBe("Everything is stopped");
  await tray.press("Resume…");
  const resume = page.getByRole("button", { name: "Resume" });
  await expect(resume).toBeFocused();
  await resume.press("Enter");
  await expect.poll(async () => (await tray.labels())[0]).toBe("Nothing waits for you");
});

test("the tray is drawn when its words change and at no other time", {
  tag: "@desktop",
}, async ({ app }) => {
  const { client } = app;
  const tray = await watchTray(app);
  await addProfile(app, 4);
  await expect.poll(async () => tray.labels()).toContain("max-1: 0 of 4 sessions, signed out");
  const before = await tray.drawings();
  // A row of a profile changes in what the tray does not say; what comes after it on the same wire has been told after it.
  await client.call("profile.set", { name: "max-1", colour: "teal" });
  await client.call("profile.set", { name: "max-1", cap: 5 });
  await expect.poll(async () => tray.labels()).toContain("max-1: 0 of 5 sessions, signed out");
  expect(await tray.drawings()).toBe(before + 1);
});

test("with its last window closed the tray opens one where the person wants to be", {
  tag: "@desktop",
}, async ({ app }) => {
  const { page, electron } = app;
  if (!electron) throw new Error("the desktop shell runs in Electron");
  const tray = await watchTray(app);
  await addProfile(app, 4);
  await expect.poll(async () => tray.labels()).toContain("Stop all…");
  // As on macOS, where an app goes on without windows.
  await electron.evaluate(({ app: shell }) => void shell.removeAllListeners("window-all-closed"));
  await electron.evaluate(({ app: shell }) => void shell.on("window-all-closed", () => {}));
  const closed = page.waitForEvent("close");
  await (await electron.browserWindow(page)).evaluate((window) => window.close());
  await closed;
  const opened = electron.waitForEvent("window");
  await tray.press("max-1: 0 of 4 sessions, signed out");
  const next = await opened;
  await expect(next.getByRole("list", { name: "Profiles" }).getByRole("listitem")).toBeFocused();
});

async function addProfile({ client, workFolder }: RunningApp, cap: number): Promise<void> {
  const executable = writeSignedOutWorker(workFolder);
  await client.call("profile.add", { name: "max-1", plan: "max", cap, executable });
  await client.call("profile.check", { name: "max-1" });
}

/** What is handed to the system from the next change on. */
async function watchTray({ page, electron }: RunningApp): Promise<Tray> {
  if (!electron) throw new Error("the desktop shell runs in Electron");
  await expect(page.getByRole("navigation", { name: "Views" })).toBeVisible();
  await electron.evaluate(({ Tray: Shown }) => {
    const kept: Kept = { items: [], tooltip: "", drawings: 0 };
    Object.assign(globalThis, { kept });
    const { setContextMenu, setToolTip } = Shown.prototype;
    Shown.prototype.setContextMenu = function (this: Electron.Tray, menu: Electron.Menu | null) {
      kept.items = menu?.items ?? [];
      kept.drawings += 1;
      setContextMenu.call(this, menu);
    };
    Shown.prototype.setToolTip = function (this: Electron.Tray, tooltip: string) {
      kept.tooltip = tooltip;
      setToolTip.call(this, tooltip);
    };
  });
  return {
    labels: () =>
      electron.evaluate(() =>
        (globalThis as unknown as { kept: Kept }).kept.items
          .filter(({ label, role }) => label && !role)
          .map(({ label }) => label.trim()),
      ),
    tooltip: () => electron.evaluate(() => (globalThis as unknown as { kept: Kept }).kept.tooltip),
    drawings: () =>
      electron.evaluate(() => (globalThis as unknown as { kept: Kept }).kept.drawings),
    press: (label) =>
      electron.evaluate((_electron, wanted) => {
        const { items } = (globalThis as unknown as { kept: Kept }).kept;
        const item = items.find((each) => each.label?.trim() === wanted);
        if (!item) throw new Error(`the tray has no entry ${wanted}`);
        item.click();
      }, label),
  };
}

interface Kept {
  items: readonly Electron.MenuItem[];
  tooltip: string;
  drawings: number;
}
