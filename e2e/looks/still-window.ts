import { test as base, type Page } from "@playwright/test";
import { serveFixture } from "../window-fixture/serve-fixture.mjs";

/** When all that is invented happens. */
const NOW = new Date("2026-11-20T10:30:00Z");

interface StillWindow {
  /**
   * Opens `address` of the fixture (`?panes=9`, `gallery.html`): nothing moves, it is always the same moment, and letters are
   * the same on every machine. Returns when all is drawn.
   */
  open(address: string): Promise<Page>;
}

export const test = base.extend<{ stillWindow: StillWindow }, { origin: string }>({
  origin: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from it that nothing else is needed.
    async ({}, use) => {
      await using fixture = await serveFixture();
      await use(fixture.origin);
    },
    { scope: "worker" },
  ],
  locale: "en-GB",
  timezoneId: "UTC",
  contextOptions: { reducedMotion: "reduce" },
  stillWindow: async ({ origin, page }, use) => {
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    await page.clock.setFixedTime(NOW);
    await use({
      async open(address) {
        const url = new URL(address, origin);
        url.searchParams.set("still", "");
        await page.goto(url.href);
        await page.locator("main:not([aria-busy])").waitFor();
        return page;
      },
    });
    base.expect(problems).toEqual([]);
  },
});

export { expect } from "@playwright/test";
