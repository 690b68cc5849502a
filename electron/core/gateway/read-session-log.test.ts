import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readSessionLog } from "./read-session-log.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-log-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function readAll(maxBytes: number): Promise<string> {
  let text = "";
  for (;;) {
    const { base64, end } = await readSessionLog(folder, text.length, maxBytes);
    text += Buffer.from(base64, "base64").toString();
    if (base64 === "" || text.length >= end) return text;
  }
}

test("the set-up comes before the program, whatever the size of the pages", async () => {
  writeFileSync(join(folder, "setup.log"), "installing\r\n");
  expect(await readAll(100)).toBe("installing\r\n");
  writeFileSync(join(folder, "output.log"), "hello from claude");
  for (const page of [1, 5, 12, 13, 100])
    expect(await readAll(page)).toBe("installing\r\nhello from claude");
});

test("a session that printed nothing has an empty log", async () => {
  expect(await readSessionLog(folder, 0, 10)).toEqual({ base64: "", end: 0 });
});
