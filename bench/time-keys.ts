import type { Page } from "@playwright/test";

/** Presses a key so often in the pane of that session, and looks in the page when its answer is painted. Milliseconds each. */
export async function timeKeys(
  page: Page,
  session: string,
  count: number,
): Promise<readonly number[]> {
  const pane = page.locator(`section[data-session="${session}"]`);
  await pane.locator(".xterm-screen").click();
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    await page.evaluate(expectAnswer, session);
    await page.keyboard.press("x");
    times.push(await page.evaluate(readAnswer));
  }
  return times;
}

interface Expected {
  answer: Promise<number>;
}

/** Runs in the page: from the next key until the frame after the pane says another number than now. */
function expectAnswer(session: string): void {
  const rows = document.querySelector(`section[data-session="${session}"] .xterm-rows`);
  if (!rows) throw new Error("the pane has no rows");
  const read = () => /KEY-(\d+)\./.exec(rows.textContent ?? "")?.[1];
  const before = read();
  const answer = new Promise<number>((resolve) => {
    const onKey = () => {
      const pressedMs = performance.now();
      const look = () => {
        const now = read();
        if (now === undefined || now === before) return;
        observer.disconnect();
        // Behind the frame that paints it.
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - pressedMs)));
      };
      const observer = new MutationObserver(look);
      observer.observe(rows, { subtree: true, childList: true, characterData: true });
    };
    addEventListener("keydown", onKey, { capture: true, once: true });
  });
  Object.assign(window, { benchKeys: { answer } satisfies Expected });
}

/** Runs in the page. */
function readAnswer(): Promise<number> {
  const { benchKeys } = window as Window & { benchKeys?: Expected };
  if (!benchKeys) throw new Error("no key is expected");
  return benchKeys.answer;
}
