import type { CDPSession, Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { startShells } from "./shell-workers.ts";

/** What the test puts into the page. */
interface Patched {
  /** Nothing that is asked from now on has an answer. */
  isDeaf: boolean;
  /** Work that waits for an idle moment, which never comes. */
  readonly idleWork: Map<number, IdleRequestCallback>;
}
const TERMINALS = 2;
const TIMES = 3;

test.setTimeout(120_000);

test("a closed terminal is let go though the core answers nothing and the window has no idle moment", {
  tag: "@web",
}, async ({ app }) => {
  const { page } = app;
  await startShells(app, TERMINALS);
  await page.addInitScript(withholdIdleMomentsAndAnswers);
  await page.reload();
  const screens = page.locator(".xterm-rows");
  const show = async () => {
    await page.keyboard.press("Alt+1");
    await expect(screens).toHaveCount(TERMINALS);
  };
  const hide = async () => {
    await page.keyboard.press("Alt+3");
    await expect(screens).toHaveCount(0);
  };
  await expect(screens).toHaveText(Array.from({ length: TERMINALS }, () => /\$/));
  const cdp = await page.context().newCDPSession(page);
  expect(await countTerminals(cdp)).toBe(TERMINALS);

  // A size that comes to a terminal out of sight is work for an idle moment.
  const moved = await page.addStyleTag({ content: ".terminal-host { translate: -9999px }" });
  await outOfSight(page);
  await page.setViewportSize({ width: 1000, height: 600 });
  await expect.poll(() => page.evaluate(countIdleWork)).toBeGreaterThanOrEqual(TERMINALS);
  await page.evaluate(beDeaf);
  await hide();
  await moved.evaluate((style) => style.parentNode?.removeChild(style));
  for (let time = 0; time < TIMES; time++) {
    await show();
    await hide();
  }
  await expect(async () => {
    // React keeps what it was told last until it draws the next time.
    await page.keyboard.press("Alt+2");
    await expect(page.getByRole("button", { name: "New task" })).toBeVisible();
    await page.keyboard.press("Alt+3");
    await expect(page.getByRole("button", { name: "Pause queue" })).toBeVisible();
    expect(await countTerminals(cdp)).toBe(0);
  }).toPass();
  // One that is opened after all that is a terminal like any other.
  await show();
  expect(await countTerminals(cdp)).toBe(TERMINALS);
});

/**
 * All that the page's memory holds after a collection of garbage, whether shown or not. The collection that a question for objects begins
 * with spares whatever looks like an address on the stack, so a thorough one goes before it.
 */
async function countTerminals(cdp: CDPSession): Promise<number> {
  await cdp.send("HeapProfiler.collectGarbage");
  const objectGroup = "count";
  const { result } = await cdp.send("Runtime.evaluate", {
    expression: "HTMLTextAreaElement.prototype",
    objectGroup,
  });
  const { objects } = await cdp.send("Runtime.queryObjects", {
    prototypeObjectId: result.objectId ?? "",
    objectGroup,
  });
  const { result: count } = await cdp.send("Runtime.callFunctionOn", {
    objectId: objects.objectId ?? "",
    functionDeclaration:
      "function () { return this.filter((each) => each.classList.contains('xterm-helper-textarea')).length; }",
    returnByValue: true,
  });
  await cdp.send("Runtime.releaseObjectGroup", { objectGroup });
  return Number(count.value);
}

/** Resolves once the browser has told everyone who watches that. */
async function outOfSight(page: Page): Promise<void> {
  await page
    .locator(".terminal-host")
    .first()
    .evaluate(
      (host) =>
        new Promise<void>((resolve) => {
          const observer = new IntersectionObserver((entries) => {
            if (entries.at(-1)?.isIntersecting) return;
            observer.disconnect();
            resolve();
          });
          observer.observe(host);
        }),
    );
}

/** These run in the page. */
function withholdIdleMomentsAndAnswers(): void {
  const patched: Patched = { isDeaf: false, idleWork: new Map() };
  let last = 0;
  window.requestIdleCallback = (run) => {
    patched.idleWork.set(++last, run);
    return last;
  };
  window.cancelIdleCallback = (id) => void patched.idleWork.delete(id);
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) {
    if (!patched.isDeaf) send.call(this, data);
  };
  Object.assign(window, { patched });
}

function countIdleWork(): number {
  return (window as unknown as { patched: Patched }).patched.idleWork.size;
}

function beDeaf(): void {
  (window as unknown as { patched: Patched }).patched.isDeaf = true;
}
