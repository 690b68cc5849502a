import type { Page } from "@playwright/test";
import { expect, test } from "./still-window.ts";

const CONTROLS =
  'button, a[href], input, select, textarea, summary, [role="tab"], [role="option"], [role="separator"][tabindex], [tabindex="0"], [data-key]';
const VIEWS = ["Terminals", "Tasks", "Queue", "Profiles", "Activity", "Inbox"];
/** More than any view has. */
const MOST_STEPS = 400;
/** After so many that are known already there is nothing new on this way. */
const KNOWN_STEPS = 60;

// In the terminals and the inbox the order follows what has the focus; grid.spec.ts and window-inbox.spec.ts use their keys.
for (const view of ["Tasks", "Queue", "Profiles", "Activity"]) {
  test(`every control of ${view.toLowerCase()} is reached by keys alone`, async ({
    stillWindow,
  }) => {
    const page = await stillWindow.open("?panes=4");
    await page.keyboard.press(`Alt+${VIEWS.indexOf(view) + 1}`);
    await expect(page.getByRole("navigation", { name: "Views" }).getByText(view)).toBeVisible();
    await goThrough(page);
    expect(await listMissed(page)).toEqual([]);
  });
}

test("every control of the gallery is reached by keys alone, and a dialog gives the focus back", async ({
  stillWindow,
}) => {
  const page = await stillWindow.open("gallery.html");
  await goThrough(page);
  expect(await listMissed(page)).toEqual([]);

  const opener = page.getByRole("button", { name: "Open a dialog" });
  await opener.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "A dialog" });
  await expect(dialog.getByRole("textbox")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(opener).toBeFocused();
});

/** Tab and Shift+Tab as far as they go, and the arrows within a list. */
async function goThrough(page: Page): Promise<void> {
  await prepare(page);
  await walk(page, "Tab");
  await walk(page, "Shift+Tab");
}

/** Until there is nothing new in this direction. */
async function walk(page: Page, key: string): Promise<void> {
  let known = 0;
  for (let step = 0; step < MOST_STEPS && known < KNOWN_STEPS; step += 1) {
    const { isNew, isInList } = await note(page);
    if (isInList && isNew) await goThroughList(page);
    known = isNew ? 0 : known + 1;
    await page.keyboard.press(key);
  }
}

/** The rows of a list have one place in the order of Tab; End goes to the last of them. */
async function goThroughList(page: Page): Promise<void> {
  await page.keyboard.press("End");
  await page.evaluate(() => {
    const { reached, nameOf } = window as unknown as Reached;
    const rows = [...document.querySelectorAll("[data-key]")];
    if (document.activeElement === rows.at(-1)) for (const row of rows) reached.add(nameOf(row));
  });
  await page.keyboard.press("Home");
  await page.keyboard.press("Escape");
}

interface Reached {
  readonly reached: Set<string>;
  /** What a control is called, and where it stands: it may be another element after it was drawn anew. */
  readonly nameOf: (control: Element) => string;
}

/** To be done before a page is gone through. */
async function prepare(page: Page): Promise<void> {
  await page.evaluate(() => {
    // The row that has the focus shows its keys; they are no part of its name.
    const textOf = (each: Element) =>
      [...each.querySelectorAll("kbd")].reduce(
        (text, { textContent }) => text.replace(textContent ?? "", ""),
        each.textContent ?? "",
      );
    const labelOf = (each: Element | null | undefined) =>
      each ? (each.getAttribute("aria-label") ?? textOf(each).trim().slice(0, 40)) : "";
    const nameOf = (control: Element) => {
      const place = control.parentElement?.closest("[aria-label], li");
      // Of the radio buttons of one question one has a place in the order of Tab; arrows choose among them.
      const own = control.matches('[type="radio"]') ? "choice" : labelOf(control);
      return `${control.tagName.toLowerCase()} ${own || control.id} in ${labelOf(place)}`;
    };
    Object.assign(window, { reached: new Set<string>(), nameOf });
  });
}

/** Remembers what has the focus, and says whether that is news. */
async function note(page: Page): Promise<{ isNew: boolean; isInList: boolean }> {
  return page.evaluate(() => {
    const { reached, nameOf } = window as unknown as Reached;
    const active = document.activeElement ?? document.body;
    const isNew = active !== document.body && !reached.has(nameOf(active));
    reached.add(nameOf(active));
    return {
      isNew,
      isInList: active.matches("[data-key]"),
    };
  });
}

/** The controls that are seen, can be used and were never reached. */
async function listMissed(page: Page): Promise<readonly string[]> {
  return page.evaluate((controls) => {
    const { reached, nameOf } = window as unknown as Reached;
    return [...document.querySelectorAll(controls)]
      .filter((each) => each.checkVisibility({ visibilityProperty: true }))
      .filter((each) => !each.matches(":disabled, fieldset:disabled *, [inert] *"))
      .map(nameOf)
      .filter((name) => !reached.has(name));
  }, CONTROLS);
}
