import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Locator, Page } from "@playwright/test";
import fc from "fast-check";
import { arbitraryStream } from "../../electron/terminal-host/arbitrary-stream.ts";
import type { Session } from "../../shared/model/session.ts";
import { expect, type RunningApp, test } from "../fixtures.ts";
import { startShells } from "../shell-workers.ts";

const STREAMS = 300;
const MANY_LINES = 400;

test("after a storm of output, sizes, views and reloads the window shows the screen that the terminal host knows", async ({
  app,
}) => {
  test.setTimeout(180_000);
  const { page } = app;
  const [session] = await startShells(app, 1);
  if (!session) throw new Error("no shell was started");
  const pane = page.getByRole("region", { name: `Terminal ${session.name}`, exact: true });
  const storm = path.join(app.workFolder, "storm");
  const end = "\x18\x1b[!p\x1b[r\x1b[m\x1b[?1049l\r\n";
  const numbers = Array.from(
    { length: MANY_LINES },
    (_, n) => `line ${n}… \x1b[3${n % 8}m日本\r\n`,
  );
  const streams = fc.sample(arbitraryStream, { seed: 3, numRuns: STREAMS });
  writeFileSync(storm, Buffer.concat([...streams, Buffer.from(end + numbers.join(""))]));

  await pane.locator(".xterm-screen").click();
  // What the terminal answers is read by nobody, and nothing follows.
  const again = `while [ ! -e ${storm}.enough ]; do cat ${storm}; done; echo calm; sleep 100000`;
  await page.keyboard.insertText(`stty raw -echo; ${again}`);
  await page.keyboard.press("Enter");
  for (const [width, height] of [
    [900, 600],
    [1440, 900],
    [1100, 500],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.keyboard.press("Alt+3");
    await page.keyboard.press("Alt+1");
    await expect(pane).toBeVisible();
  }
  await page.reload();
  await expect(pane.locator(".xterm-rows")).toContainText(/\S/);
  writeFileSync(`${storm}.enough`, "");
  await expect(pane.locator(".xterm-rows")).toContainText("calm");
  await expect(async () =>
    expect(await rowsOf(pane)).toEqual(await knownOf(app, session, page)),
  ).toPass();
});

/** What the window shows, without the empty rows at its end. */
async function rowsOf(pane: Locator): Promise<readonly string[]> {
  const rows = await pane.locator(".xterm-rows > div").allTextContents();
  const texts = rows.map((row) => row.replaceAll("\u00a0", " ").trimEnd());
  return texts.slice(0, texts.findLastIndex((text) => text !== "") + 1);
}

/** As many of the last lines that the host's mirror holds. */
async function knownOf(app: RunningApp, session: Session, page: Page): Promise<readonly string[]> {
  const pane = page.getByRole("region", { name: `Terminal ${session.name}`, exact: true });
  const shown = await rowsOf(pane);
  const { lines } = await app.client.call("session.peek", { session: session.id, lines: 60 });
  return lines.slice(-shown.length).map((line) => line.replaceAll("\u00a0", " ").trimEnd());
}
