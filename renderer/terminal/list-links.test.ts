import headless from "@xterm/headless";
import { expect, test } from "vitest";
import { listLinks } from "./list-links.ts";
import type { Screen } from "./open-screen.ts";

test("the files that are there and the web are listed, the newest first and each once", async () => {
  const terminal = new headless.Terminal({ cols: 30, rows: 10, allowProposedApi: true });
  const text =
    "see https://example.org/a.\r\nsrc/app.ts:12:3 and gone.ts:1\r\nhttps://example.org/a and a long src/app.ts:12:3";
  await new Promise<void>((resolve) => terminal.write(text, resolve));
  const opened: unknown[] = [];
  const hooks = {
    findFiles: async (names: readonly string[]) =>
      names
        .filter((name) => name === "src/app.ts")
        .map((name) => ({ name, place: `/w/${name}`, isInside: true })),
    openFile: (file: { place: string }, line: number | null, column: number | null) =>
      opened.push([file.place, line, column]),
    followLink: (target: string) => opened.push(target),
  };
  // Nothing else of a screen is looked at.
  const links = await listLinks({ terminal, hooks } as unknown as Screen);
  terminal.dispose();
  expect(links.map((link) => link.text)).toEqual(["https://example.org/a", "src/app.ts:12:3"]);
  for (const link of links) link.open();
  expect(opened).toEqual(["https://example.org/a", ["/w/src/app.ts", 12, 3]]);
});
