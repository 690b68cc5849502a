import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readMoments } from "./read-moments.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "switchyard-moments-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function journal(...lines: readonly (object | string)[]): void {
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  writeFileSync(path.join(folder, "signals.jsonl"), text.join("\n"));
}

const signal = (ms: number, offset: number, body: object = {}, cols = 80) => ({
  seq: 1,
  at: new Date(Date.parse("2026-11-21T09:00:00.000Z") + ms).toISOString(),
  kind: "hook",
  body,
  terminal: { offset, cols, rows: 24 },
});
const prompt = { hook_event_name: "UserPromptSubmit", prompt: "Make pie" };

test("prompts, sizes and the time now and then are told, behind what the set-up printed", async () => {
  writeFileSync(path.join(folder, "setup.log"), "12345");
  journal(
    signal(0, 10),
    signal(100, 20),
    signal(110, 30, prompt),
    signal(120, 40, {}, 100),
    signal(130, 50, {}, 100),
    signal(400, 60, {}, 100),
  );
  const moments = await readMoments(folder);
  expect(moments.map(({ offset, cols, prompt: said }) => [offset, cols, said])).toEqual([
    [15, 80, null],
    [35, 80, "Make pie"],
    [45, 100, null],
    [65, 100, null],
  ]);
});

test("a host that noted nothing, a line that is cut and a journal that is not there give none", async () => {
  expect(await readMoments(folder)).toEqual([]);
  const { terminal: _, ...bare } = signal(0, 1);
  journal(bare, '{"seq":2,"at"');
  expect(await readMoments(folder)).toEqual([]);
});
