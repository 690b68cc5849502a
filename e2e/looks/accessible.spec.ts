import type { Page } from "@playwright/test";
import { checkAccessibility } from "../check-accessibility.ts";
import { SHOTS } from "../window-fixture/shots.mjs";
import { test } from "./still-window.ts";

/** What views.spec.ts does not come by with the built app: every dialog, and states that a test cannot bring about in a moment. */
const LOOKED_AT = [
  "terminals-6",
  "terminals-split",
  "terminals-layouts",
  "terminals-broadcast",
  "terminals-move",
  "terminals-reply",
  "terminals-locked",
  "tasks-detail",
  "tasks-handoffs",
  "task-new",
  "forecast",
  "queue-diff",
  "queue-conflict-edit",
  "queue-comments",
  "queue-return",
  "queue-checks-failed",
  "queue-undo",
  "usage-day",
  "sign-in",
  "profile-add",
  "profile-edit",
  "profile-import",
  "inbox",
  "inbox-empty",
  "approvals",
  "hours",
  "removals",
  "notifications",
  "halted",
  "halt",
  "doctor",
  "activity",
  "palette",
  "terminal-look",
  "search",
  "search-transcript",
  "keys",
  "first-run",
  "settings",
];
const COLOURS = ["color-contrast"];
/** Seven to one, which who asks for more contrast is given. */
const STRONG_COLOURS = ["color-contrast-enhanced"];

for (const name of LOOKED_AT) {
  test(`${name} is there for everyone, in light, dark and high contrast`, async ({
    stillWindow,
  }) => {
    const shot = SHOTS.find((each) => each.name === name);
    if (!shot) throw new Error(`shots.mjs has no ${name}`);
    const page = await stillWindow.open(`?${shot.query}`);
    for (const step of shot.steps) await step(page);
    await lookInAllColours(page, name);
  });
}

for (const address of ["gallery.html", "gallery.html?open=dialog"]) {
  test(`${address} is there for everyone, in light, dark and high contrast`, async ({
    stillWindow,
  }) => {
    await lookInAllColours(await stillWindow.open(address), address);
  });
}

async function lookInAllColours(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ colorScheme: "light" });
  await checkAccessibility(page, name);
  await page.emulateMedia({ colorScheme: "dark" });
  await checkAccessibility(page, `${name}, dark`, COLOURS);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, contrast: "more" });
    await checkAccessibility(page, `${name}, ${colorScheme}, high contrast`, STRONG_COLOURS);
  }
}
