import { expect, test } from "vitest";
import type { Signal } from "../../../../shared/contract/host-contract.ts";
import { readClaudeSignal } from "./read-claude-signal.ts";

const AT = "2026-11-21T09:00:00.000Z";
const AT_S = Date.parse(AT) / 1000;

function read(kind: Signal["kind"], body: unknown) {
  return readClaudeSignal({ at: AT, kind, body });
}

/** Bodies are cut from what 2.1.329 sent; common fields are the same in each. */
function hook(body: object) {
  const common = { session_id: "a1", transcript_path: "/c/a1.jsonl", cwd: "/w", prompt_id: "p1" };
  const { evidence, gauge } = read("hook", { ...common, ...body });
  expect(gauge).toBeNull();
  expect(evidence.length).toBeLessThanOrEqual(1);
  return evidence[0] ?? null;
}

function check(body: { hook_event_name: string; [field: string]: unknown }, says: object | null) {
  const noted = { at: AT, signal: `hook:${body.hook_event_name}` };
  expect(hook(body)).toEqual(says && { ...noted, ...says });
}

test("a session that begins or goes on is ready, one that was compacted says nothing new", () => {
  const begun = { hook_event_name: "SessionStart", model: "claude-opus-5-5", session_title: "W1" };
  check({ ...begun, source: "startup" }, { kind: "session-ready" });
  check({ ...begun, source: "resume" }, { kind: "session-ready" });
  check({ ...begun, source: "compact" }, null);
});

test("an accepted message is told word for word, and one the program gave itself is marked", () => {
  const name = { hook_event_name: "UserPromptSubmit" };
  check(
    { ...name, prompt: " /hello" },
    { kind: "prompt-accepted", prompt: " /hello", isSynthetic: false },
  );
  const task = "<task-notification>\n<task-id>brx</task-id>";
  check({ ...name, prompt: task }, { kind: "prompt-accepted", prompt: task, isSynthetic: true });
  const reset = "Your claude.ai usage limit has reset. Continue the task you were working on.";
  check({ ...name, prompt: reset }, { kind: "prompt-accepted", prompt: reset, isSynthetic: true });
});

test("a long message that was pasted is told without the marks it comes back in", () => {
  const long = "first line\nlast line";
  const prompt = `\n\n<pasted_content id="83b7">\n${long}\n</pasted_content id="83b7">\n`;
  check(
    { hook_event_name: "UserPromptSubmit", prompt },
    { kind: "prompt-accepted", prompt: long, isSynthetic: false },
  );
  const inText = `see <pasted_content id="1">\nx\n</pasted_content id="1">`;
  check(
    { hook_event_name: "UserPromptSubmit", prompt: inText },
    { kind: "prompt-accepted", prompt: inText, isSynthetic: false },
  );
});

test("a tool is told by what a person wants to know of it", () => {
  const bash = {
    tool_name: "Bash",
    tool_input: { command: "git\n  status", description: "scripted" },
    tool_use_id: "toolu_1",
  };
  check(
    { hook_event_name: "PreToolUse", ...bash },
    { kind: "tool-started", tool: "Bash", summary: "git status" },
  );
  check(
    { hook_event_name: "PostToolUse", ...bash, tool_response: { stdout: "" }, duration_ms: 67 },
    {
      kind: "tool-ended",
      tool: "Bash",
      call: { id: expect.any(String), text: "Bash: git status", hasFailed: false },
    },
  );
  check(
    { hook_event_name: "PostToolUseFailure", ...bash, error: "Exit code 3", is_interrupt: false },
    {
      kind: "tool-ended",
      tool: "Bash",
      call: { id: expect.any(String), text: "Bash: git status", hasFailed: true },
    },
  );
  const write = { tool_name: "Write", tool_input: { file_path: "/w/b.txt", content: "b" } };
  check(
    { hook_event_name: "PreToolUse", ...write },
    { kind: "tool-started", tool: "Write", summary: "/w/b.txt" },
  );
  const own = { tool_name: "mcp__switchyard__task_done", tool_input: { summary: "s" } };
  check(
    { hook_event_name: "PreToolUse", ...own },
    { kind: "tool-started", tool: own.tool_name, summary: '{"summary":"s"}' },
  );
});

test("a long command is cut", () => {
  const told = hook({
    hook_event_name: "PreToolUse",
    tool_name: "Bash",
    tool_input: { command: "x".repeat(500) },
  });
  expect(told).toMatchObject({ summary: `${"x".repeat(199)}…` });
});

test("a permission names the tool, a question its text, a plan its first words", () => {
  const asked = { hook_event_name: "PermissionRequest" };
  check(
    { ...asked, tool_name: "Bash", tool_input: { command: "touch /tmp/z" } },
    { kind: "permission-asked", tool: "Bash", summary: "touch /tmp/z" },
  );
  check(
    {
      ...asked,
      tool_name: "AskUserQuestion",
      tool_input: { questions: [{ question: "Which?", header: "Choose", options: [] }] },
    },
    { kind: "question-asked", summary: "Which?" },
  );
  check(
    { ...asked, tool_name: "ExitPlanMode", tool_input: { plan: "Do it" } },
    { kind: "permission-asked", tool: "ExitPlanMode", summary: "Do it" },
  );
});

test("a turn is over; what of its own still runs is said", () => {
  const stop = {
    hook_event_name: "Stop",
    stop_hook_active: false,
    last_assistant_message: "done",
    session_crons: [],
  };
  const says = { kind: "turn-ended", lastMessage: "done" };
  check({ ...stop, background_tasks: [] }, { ...says, hasBackgroundWork: false });
  check(
    { ...stop, background_tasks: [{ id: "b1", type: "shell", status: "running" }] },
    { ...says, hasBackgroundWork: true },
  );
  check(
    { ...stop, background_tasks: [{ id: "a6", type: "subagent", status: "completed" }] },
    { ...says, hasBackgroundWork: false },
  );
  check(
    { ...stop, background_tasks: [], session_crons: [{ id: "c1" }] },
    { ...says, hasBackgroundWork: true },
  );
});

test.each([
  ["rate_limit", "rate-limit"],
  ["authentication_failed", "authentication"],
  ["server_error", "server"],
  ["invalid_request", "invalid"],
  ["billing_error", "spend"],
  ["unknown", "unknown"],
])("a turn that failed with %s failed by %s", (error, expected) => {
  check(
    { hook_event_name: "StopFailure", error, last_assistant_message: "You've hit your limit" },
    { kind: "turn-failed", error: expected, message: "You've hit your limit" },
  );
});

test("a failure without a word gets one", () => {
  check(
    { hook_event_name: "StopFailure" },
    { kind: "turn-failed", error: "unknown", message: "the turn failed and did not say why" },
  );
});

test("a compaction is told by its two ends alone", () => {
  check({ hook_event_name: "PreCompact", trigger: "manual" }, { kind: "compacting" });
  check(
    { hook_event_name: "SubagentStop", agent_id: "a2b", agent_type: "", background_tasks: [] },
    null,
  );
  check(
    { hook_event_name: "PostCompact", trigger: "manual" },
    { kind: "compacted", isManual: true },
  );
  check(
    { hook_event_name: "PostCompact", trigger: "auto" },
    { kind: "compacted", isManual: false },
  );
});

test("subagents do not speak for the session", () => {
  const subagent = { agent_id: "a625", agent_type: "general-purpose" };
  for (const hook_event_name of ["PreToolUse", "PostToolUse", "PermissionRequest", "Stop"]) {
    check({ ...subagent, hook_event_name, tool_name: "Bash", tool_input: {} }, null);
  }
});

test("an end says its reason", () => {
  check(
    { hook_event_name: "SessionEnd", reason: "other" },
    { kind: "session-ending", reason: "other" },
  );
});

test.each([null, 42, "text", [], {}, { hook_event_name: 7 }, { hook_event_name: "SomethingNew" }])(
  "a hook that is %j says nothing",
  (body) => {
    expect(read("hook", body)).toEqual({ evidence: [], gauge: null });
  },
);

test("missing fields of a known hook are no reason to fail", () => {
  for (const name of [
    "UserPromptSubmit",
    "PreToolUse",
    "PermissionRequest",
    "Stop",
    "SessionEnd",
  ]) {
    expect(
      hook({ hook_event_name: name, tool_input: "text", background_tasks: "text" }),
    ).not.toBeNull();
  }
});

const statusLine = {
  cost: { total_cost_usd: 0.0084 },
  context_window: {
    total_input_tokens: 5677,
    context_window_size: 1_000_000,
    current_usage: { input_tokens: 3, cache_read_input_tokens: 5674 },
  },
  rate_limits: {
    five_hour: { used_percentage: 42, resets_at: AT_S + 4000 },
    seven_day: { used_percentage: 10, resets_at: AT_S + 3 * 86_400 },
  },
};

function gauge(patch: object) {
  const { evidence, gauge } = read("status-line", { ...statusLine, ...patch });
  expect(evidence).toEqual([]);
  return gauge;
}

test("a status line gives context, cost and windows", () => {
  const measured = { measuredAt: AT, source: "statusline" };
  expect(gauge({})).toEqual({
    context: { tokens: 5677, window: 1_000_000 },
    costUsd: 0.0084,
    answer: { id: "3-0-5674", tokens: 3 },
    windows: {
      fiveHour: { usedPercent: 42, resetsAt: "2026-11-21T10:06:40.000Z", ...measured },
      sevenDay: { usedPercent: 10, resetsAt: "2026-11-24T09:00:00.000Z", ...measured },
    },
    refused: [],
  });
});

test("the context is unknown before the first answer", () => {
  const empty = { total_input_tokens: 0, context_window_size: 1_000_000, current_usage: null };
  expect(gauge({ context_window: empty, rate_limits: undefined })).toEqual({
    context: null,
    costUsd: 0.0084,
    answer: null,
    windows: null,
    refused: [],
  });
});

test.each([
  ["a negative percentage", { used_percentage: -1, resets_at: AT_S + 60 }],
  ["a percentage out of all reason", { used_percentage: 4200, resets_at: AT_S + 60 }],
  ["a percentage that is text", { used_percentage: "42", resets_at: AT_S + 60 }],
  ["a reset that is past", { used_percentage: 42, resets_at: AT_S - 1 }],
  ["a reset a year ahead", { used_percentage: 42, resets_at: AT_S + 365 * 86_400 }],
  ["a reset in milliseconds", { used_percentage: 42, resets_at: (AT_S + 60) * 1000 }],
  ["no reset", { used_percentage: 42 }],
  ["nothing", null],
])("a window with %s is dropped, the other one stays", (_, five_hour) => {
  const windows = gauge({ rate_limits: { ...statusLine.rate_limits, five_hour } })?.windows;
  expect(windows?.fiveHour).toBeNull();
  expect(windows?.sevenDay).not.toBeNull();
});

test("a window can be used beyond its end", () => {
  const five_hour = { used_percentage: 104, resets_at: AT_S + 60 };
  expect(gauge({ rate_limits: { five_hour } })?.windows?.fiveHour?.usedPercent).toBe(104);
});

test("absurd costs and contexts are not shown", () => {
  expect(gauge({ cost: { total_cost_usd: -1 } })?.costUsd).toBeNull();
  expect(gauge({ cost: "free" })?.costUsd).toBeNull();
  expect(gauge({ context_window: { total_input_tokens: -5 } })?.context).toBeNull();
});

test("a status line that is no JSON wipes nothing", () => {
  expect(read("status-line", "oops")).toEqual({ evidence: [], gauge: null });
});

test("a link that a program wants opened is told when it is one", () => {
  const url = "https://claude.com/cai/oauth/authorize?code=true&state=x";
  const says = [{ kind: "link-offered", at: AT, signal: "open-link", url }];
  expect(read("open-link", { url }).evidence).toEqual(says);
  expect(read("open-link", `${url}\n`).evidence).toEqual(says);
  for (const body of [{}, "", "file:///etc/passwd", "javascript:alert(1)", { url: 7 }]) {
    expect(read("open-link", body).evidence).toEqual([]);
  }
});

test("what a program tells of its record and its model is kept, unless it cannot be either", () => {
  const read = (kind: "hook" | "status-line", body: object) =>
    readClaudeSignal({ at: "2026-11-21T09:00:00.000Z", kind, body }).told;
  const transcript_path = "/profiles/a/projects/-work/1.jsonl";
  const hook = { hook_event_name: "Stop", transcript_path };
  expect(read("hook", hook)).toEqual({ recordFile: transcript_path });
  expect(read("hook", { ...hook, agent_id: "a1" })).toBeUndefined();
  expect(read("status-line", { transcript_path, model: { id: "claude-opus-4-8[1m]" } })).toEqual({
    recordFile: transcript_path,
    spokenModel: "claude-opus-4-8[1m]",
  });
  for (const id of ["--dangerous", "a b", "x".repeat(200), 7, null])
    expect(read("status-line", { transcript_path: "1.jsonl", model: { id } })).toBeUndefined();
});
