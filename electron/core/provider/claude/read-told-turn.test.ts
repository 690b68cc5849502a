import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readToldTurn } from "./read-told-turn.ts";

const folder = mkdtempSync(join(tmpdir(), "switchyard-transcript-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "conversation.jsonl");
const timestamp = "2026-11-21T09:00:05.000Z";

const user = (text: string) => ({
  type: "user",
  timestamp,
  message: { content: [{ type: "text", text }] },
});
const assistant = (stop_reason: string, more: object = {}) => ({
  type: "assistant",
  timestamp,
  message: { stop_reason, content: [{ type: "text", text: "said" }] },
  ...more,
});
const failed = (error: string, text: string) => ({
  type: "assistant",
  timestamp,
  isApiErrorMessage: true,
  error,
  message: { model: "<synthetic>", content: [{ type: "text", text }] },
});
const title = { type: "ai-title", title: "metadata has no time" };

function check(lines: readonly (object | string)[], ending: string | null, message = "") {
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  writeFileSync(file, text.join("\n"));
  const told = readToldTurn(file);
  if (ending === null) expect(told).toBeNull();
  else
    expect(told).toEqual({
      kind: "turn-told",
      at: timestamp,
      signal: `transcript:${ending}`,
      ending,
      message,
    });
}

test("an answer that ends the turn completes it, whatever metadata follows", () =>
  check([user("go"), assistant("end_turn"), title, { type: "new-kind" }], "completed"));
test("a turn that uses a tool goes on", () => check([user("go"), assistant("tool_use")], null));
test("a prompt that nothing answers goes on", () =>
  check([assistant("end_turn"), user("go")], null));
test("Esc is told by its line", () =>
  check([user("go"), user("[Request interrupted by user]")], "interrupted", "by Esc"));
test("a no is told by its line", () =>
  check(
    [user("[Request interrupted by user for tool use]")],
    "interrupted",
    "what it asked was refused",
  ));
test("a full context is told apart from other refusals", () => {
  check([failed("invalid_request", "Prompt is too long")], "context-full", "Prompt is too long");
  check([failed("invalid_request", "No")], "invalid", "No");
  check([failed("rate_limit", "limit")], "rate-limit", "limit");
});
test("a subagent's line says nothing", () =>
  check([assistant("end_turn"), assistant("tool_use", { isSidechain: true })], "completed"));
test("a last line that was cut says nothing", () =>
  check([assistant("end_turn"), '{"type":"user","mess'], "completed"));
test("where there is no transcript nothing is told", () =>
  expect(readToldTurn(join(folder, "none.jsonl"))).toBeNull());
test("of a transcript of 200 MB only the end is read", () => {
  const filler = `${JSON.stringify(user("x".repeat(1_000_000)))}\n`;
  writeFileSync(file, filler.repeat(200) + JSON.stringify(assistant("end_turn")));
  const startMs = performance.now();
  expect(readToldTurn(file)?.ending).toBe("completed");
  expect(performance.now() - startMs).toBeLessThan(1_000);
});
