import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readLastMessages, transcriptFile } from "./read-last-messages.ts";

const said = (text: string, more: object = {}) => ({
  type: "assistant",
  isSidechain: false,
  message: { model: "claude-sonnet-5", content: [{ type: "text", text }] },
  ...more,
});

function read(lines: readonly unknown[], count = 3): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-transcript-"));
  try {
    const file = join(folder, "conversation.jsonl");
    const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
    writeFileSync(file, `${text.join("\n")}\n`);
    return readLastMessages(file, count);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("the last texts of the model are read, oldest first", () => {
  expect(read([said("one"), said("two"), said("three"), said("four")], 2)).toEqual([
    "three",
    "four",
  ]);
});

test("subagents, the program's own lines, tool calls and broken lines are passed over", () => {
  const synthetic = { model: "<synthetic>", content: [{ type: "text", text: "API Error" }] };
  const call = { model: "m", content: [{ type: "tool_use", id: "x", name: "Bash", input: {} }] };
  expect(
    read([
      '{"type":"assist',
      said("one"),
      said("from a subagent", { isSidechain: true }),
      said("", { message: synthetic }),
      said("", { message: call }),
      { type: "user", message: { content: "typed" } },
    ]),
  ).toEqual(["one"]);
});

test("where there is no transcript nothing was said", () => {
  expect(readLastMessages("/nowhere/at/all.jsonl", 3)).toEqual([]);
});

test("a conversation's file is found by the folder it works in", () => {
  expect(transcriptFile("/p/max-1", "/data/.wt/app_1", "c-1")).toBe(
    "/p/max-1/projects/-data--wt-app-1/c-1.jsonl",
  );
});
