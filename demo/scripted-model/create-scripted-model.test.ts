import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createScriptedModel, type ScriptedModel } from "./create-scripted-model.ts";
import { writeMarker } from "./read-marker.ts";
import type { ScriptStep } from "./step.ts";

let folder: string;
let model: ScriptedModel;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "scripted-model-"));
  model = createScriptedModel({ log: join(folder, "calls.jsonl") });
  await model.listen(0);
});
afterEach(async () => {
  await model.close();
  rmSync(folder, { recursive: true, force: true });
});

test("answers with text and a tool call, the same for the same request", async () => {
  const steps = [{ say: "I look." }, { read: "/a.txt" }];
  const [first, again] = [await ask(steps), await ask(steps)];
  expect(first.body).toMatchObject({
    stop_reason: "tool_use",
    content: [
      { type: "text", text: "I look." },
      { type: "tool_use", name: "Read", input: { file_path: "/a.txt" } },
    ],
  });
  expect(again.body).toEqual(first.body);
});

test("streams the same answer as events", async () => {
  const { text } = await ask([{ speed: 1 }, { say: "a longer text in several pieces" }], {
    stream: true,
  });
  const events = text.matchAll(/"text_delta","text":"([^"]*)"/g);
  expect([...events].map((event) => event[1]).join("")).toBe("a longer text in several pieces");
  expect(text).toContain("event: message_stop");
});

test("reports spent windows as a subscription gets them", async () => {
  const { status, headers } = await ask([{ error: 429, limit: "seven_day", resets_in: 60 }]);
  expect(status).toBe(429);
  expect(headers.get("anthropic-ratelimit-unified-status")).toBe("rejected");
  expect(headers.get("anthropic-ratelimit-unified-representative-claim")).toBe("seven_day");
  expect(Number(headers.get("anthropic-ratelimit-unified-7d-utilization"))).toBe(1);
});

test("sends the windows of the profile whose token was used", async () => {
  model.setScenario({
    profiles: {
      abc123: { name: "max-1", unified: { five_hour: { utilization: 0.42 } } },
      dead00: { name: "pro-1", reject: { status: 401 } },
    },
  });
  const { headers } = await ask([{ say: "a" }], { token: "made-up-abc123" });
  expect(headers.get("anthropic-ratelimit-unified-5h-utilization")).toBe("0.42");
  expect((await ask([{ say: "a" }], { token: "made-up-dead00" })).status).toBe(401);
  expect(model.calls.map((call) => call.profile)).toEqual(["max-1", "pro-1"]);
});

test("refuses more calls at once than a profile may make", async () => {
  model.setScenario({ profiles: { abc123: { name: "max-1", maxConcurrent: 1 } } });
  const steps = [{ delay: 0.3 }, { say: "a" }];
  const token = "made-up-abc123";
  const answers = await Promise.all([ask(steps, { token }), ask(steps, { token })]);
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 429]);
});

test("cuts a stream when told, and a client that leaves is logged as gone", async () => {
  await expect(ask([{ say: "half" }, { drop: true }], { stream: true })).rejects.toThrow();
  expect(model.calls.at(-1)?.status).toBe("cut");

  const leaving = new AbortController();
  const asked = ask([{ hang: true }], { signal: leaving.signal });
  await expect.poll(() => model.state().live).toBe(1);
  leaving.abort();
  await expect(asked).rejects.toThrow();
  await expect.poll(() => model.calls.at(-1)?.status).toBe("gone");
});

test("logs each call with the end of its token and nothing more of it", async () => {
  await ask([{ tokens: 90_000 }, { say: "a" }], { token: "a-very-secret-tail42" });
  const log = readFileSync(join(folder, "calls.jsonl"), "utf8");
  expect(JSON.parse(log)).toMatchObject({
    seq: 1,
    role: "main",
    session: "conversation-1",
    tail: "tail42",
    profile: null,
    model: "m",
    step: 0,
    kind: "tokens+say",
    status: 200,
    live: 1,
  });
  expect(log).not.toContain("secret");
});

test("is steered and read from other processes", async () => {
  const scenario = { default: [{ say: "changed" }] };
  const put = { method: "PUT", body: JSON.stringify(scenario) };
  await fetch(`${model.url}/__script/scenario`, put);
  expect((await ask(null)).body).toMatchObject({ content: [{ text: "changed" }] });
  const calls = await fetch(`${model.url}/__script/calls?session=conversation-1`);
  expect(await calls.json()).toHaveLength(1);
});

interface Asking {
  readonly token?: string;
  readonly stream?: boolean;
  readonly signal?: AbortSignal;
}

async function ask(steps: readonly ScriptStep[] | null, asking: Asking = {}) {
  const content = steps ? `Go. ${writeMarker(steps)}` : "Go.";
  const { signal, token = "token", stream = false } = asking;
  const response = await fetch(`${model.url}/v1/messages`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "x-claude-code-session-id": "conversation-1" },
    body: JSON.stringify({
      model: "m",
      stream,
      tools: [{ name: "Read" }],
      messages: [{ role: "user", content }],
    }),
    ...(signal ? { signal } : {}),
  });
  const text = await response.text();
  const body: unknown = stream ? null : JSON.parse(text);
  return { status: response.status, headers: response.headers, text, body };
}
