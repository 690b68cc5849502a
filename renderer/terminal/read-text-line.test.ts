import headless from "@xterm/headless";
import { expect, test } from "vitest";
import { readTextLine } from "./read-text-line.ts";

async function read(text: string, row: number, cols = 10) {
  const terminal = new headless.Terminal({ cols, rows: 5, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(text, resolve));
  const line = readTextLine(terminal.buffer.active, row);
  terminal.dispose();
  return line;
}

test("a line over several rows is one, from whichever of them it is asked for", async () => {
  for (const row of [2, 3]) {
    const { text, cells } = await read("one\r\nsrc/long/name.ts", row);
    expect(text.trimEnd()).toBe("src/long/name.ts");
    expect(cells[text.indexOf("name")]).toEqual({ x: 10, y: 2 });
    expect(cells[text.indexOf(".ts")]).toEqual({ x: 4, y: 3 });
  }
});

test("wide letters and letters of several codes take the cells they are drawn in", async () => {
  const { text, cells } = await read("語e\u0301a.ts", 1);
  expect(text.trimEnd()).toBe("語e\u0301a.ts");
  expect(cells[text.indexOf("a.ts")]).toEqual({ x: 4, y: 1 });
});
