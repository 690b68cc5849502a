import { createHash } from "node:crypto";
import type { Signal } from "../../../../shared/contract/host-contract.ts";
import { unreachable } from "../../../../shared/model/unreachable.ts";
import type { EvidenceEvent, Gauge, SignalReading, TurnError } from "../evidence.ts";
import { readLimits } from "./read-limits.ts";
import { isSpendLimit } from "./read-refusal.ts";

const NOTHING: SignalReading = { evidence: [], gauge: null };
const SUMMARY_MAX_CHARS = 200;

/** Prompts that the CLI gives itself: a background task that ended, and the end of a usage limit (wording of 2.1.329). */
const SYNTHETIC_PROMPTS = ["<task-notification>", "Your claude.ai usage limit has reset."];

/**
 * What a signal of Claude Code says. Fields that are missing, of another type or out of all reason count as not said;
 * a signal that says nothing gives no evidence. Signals of subagents never speak for the session.
 */
export function readClaudeSignal(signal: Pick<Signal, "at" | "kind" | "body">): SignalReading {
  switch (signal.kind) {
    case "hook": {
      const body = toRecord(signal.body);
      const event = readHook(body, signal.at);
      return event ? { evidence: [event], gauge: null, ...readTold(body) } : NOTHING;
    }
    case "status-line": {
      const body = toRecord(signal.body);
      // A text that is no JSON object says nothing, and must not wipe the gauges.
      return Object.keys(body).length === 0
        ? NOTHING
        : { evidence: [], gauge: readGauge(body, signal.at), ...readTold(body) };
    }
    case "open-link": {
      const url = readLink(signal.body);
      if (!url) return NOTHING;
      return {
        evidence: [{ kind: "link-offered", at: signal.at, signal: "open-link", url }],
        gauge: null,
      };
    }
    default:
      return unreachable(signal.kind);
  }
}

function readHook(body: Json, at: string): EvidenceEvent | null {
  // Compaction's hidden subagent carries an id too, with an empty type.
  if (typeof body.agent_id === "string") return null;
  const name = text(body.hook_event_name);
  const noted = { at, signal: `hook:${name}` };
  const tool = text(body.tool_name);
  switch (name) {
    case "SessionStart":
      return body.source === "compact" ? null : { ...noted, kind: "session-ready" };
    case "UserPromptSubmit": {
      const prompt = unwrapPaste(text(body.prompt));
      const isSynthetic = SYNTHETIC_PROMPTS.some((start) => prompt.startsWith(start));
      return { ...noted, kind: "prompt-accepted", prompt, isSynthetic };
    }
    case "PreToolUse":
      return { ...noted, kind: "tool-started", tool, summary: summarise(body.tool_input) };
    case "PostToolUse":
      return { ...noted, kind: "tool-ended", tool, ...readCall(body, false) };
    case "PostToolUseFailure":
      // One that was cut short by the person says nothing about the command.
      return { ...noted, kind: "tool-ended", tool, ...readCall(body, body.is_interrupt !== true) };
    case "PermissionRequest":
      if (tool === "AskUserQuestion")
        return { ...noted, kind: "question-asked", summary: summarise(body.tool_input) };
      return { ...noted, kind: "permission-asked", tool, summary: summarise(body.tool_input) };
    case "Stop":
      return {
        ...noted,
        kind: "turn-ended",
        lastMessage: textOrNull(body.last_assistant_message),
        hasBackgroundWork: hasBackgroundWork(body),
      };
    case "StopFailure": {
      const message =
        textOrNull(body.last_assistant_message) ??
        textOrNull(body.error_details) ??
        "the turn failed and did not say why";
      return {
        ...noted,
        kind: "turn-failed",
        error: toTurnError(text(body.error), message),
        message,
      };
    }
    case "PreCompact":
      return { ...noted, kind: "compacting" };
    case "PostCompact":
      return { ...noted, kind: "compacted", isManual: body.trigger === "manual" };
    case "SessionEnd":
      return { ...noted, kind: "session-ending", reason: text(body.reason) || "unknown" };
    default:
      return null;
  }
}

/** A name of a model is given to the program again as an argument: nothing else gets through. */
const MODEL = /^[A-Za-z0-9][\w.:@/[\]-]{0,99}$/;

function readTold(body: Json): Pick<SignalReading, "told"> {
  const recordFile = text(body.transcript_path);
  const spokenModel = text(toRecord(body.model).id);
  const told = {
    ...(recordFile.startsWith("/") ? { recordFile } : {}),
    ...(MODEL.test(spokenModel) ? { spokenModel } : {}),
  };
  return Object.keys(told).length === 0 ? {} : { told };
}

/**
 * A long message that was pasted as one comes back between marks of the CLI's (from about 10 lines or 800 characters on; measured
 * with 2.1.329).
 */
function unwrapPaste(prompt: string): string {
  const wrapped = /^\s*<pasted_content id="([^"]*)">\n([\s\S]*)\n<\/pasted_content id="\1">\s*$/;
  return wrapped.exec(prompt)?.[2] ?? prompt;
}

function readCall(body: Json, hasFailed: boolean) {
  if (body.tool_input === undefined) return {};
  const tool = text(body.tool_name);
  const input = JSON.stringify(body.tool_input);
  const id = createHash("sha256").update(`${tool}\0${input}`).digest("hex").slice(0, 32);
  return { call: { id, text: `${tool}: ${summarise(body.tool_input)}`, hasFailed } };
}

export function toTurnError(error: string, message: string): TurnError {
  const known = TURN_ERRORS[error] ?? "unknown";
  const isLimit = known === "rate-limit" || known === "unknown";
  return isLimit && isSpendLimit(message) ? "spend" : known;
}

const TURN_ERRORS: Readonly<Record<string, TurnError>> = {
  rate_limit: "rate-limit",
  billing_error: "spend",
  authentication_failed: "authentication",
  oauth_org_not_allowed: "authentication",
  account_on_hold: "authentication",
  verification_required: "authentication",
  server_error: "server",
  overloaded: "server",
  invalid_request: "invalid",
  model_not_found: "invalid",
  max_output_tokens: "invalid",
};

function hasBackgroundWork(body: Json): boolean {
  const isRunning = (task: unknown) => toRecord(task).status === "running";
  return toList(body.background_tasks).some(isRunning) || toList(body.session_crons).length > 0;
}

/** The one field of a tool's input that tells a person most, on one line. */
export function summarise(input: unknown): string {
  const fields = toRecord(input);
  const question = toList(fields.questions).map((asked) => text(toRecord(asked).question));
  const told = [
    "command",
    "file_path",
    "notebook_path",
    "url",
    "pattern",
    "query",
    "plan",
    "prompt",
  ];
  const first = told.map((name) => text(fields[name])).find((value) => value !== "");
  const whole = question.length > 0 ? question.join(" / ") : (first ?? JSON.stringify(fields));
  const line = whole.replace(/\s+/g, " ").trim();
  return line.length > SUMMARY_MAX_CHARS ? `${line.slice(0, SUMMARY_MAX_CHARS - 1)}…` : line;
}

function readGauge(body: Json, at: string): Gauge {
  const cost = number(toRecord(body.cost).total_cost_usd);
  return {
    context: readContext(toRecord(body.context_window)),
    costUsd: cost !== null && cost >= 0 ? cost : null,
    answer: readAnswer(toRecord(body.context_window)),
    ...readLimits(body.rate_limits, at),
  };
}

function readContext(context: Json): Gauge["context"] {
  const tokens = number(context.total_input_tokens);
  const window = number(context.context_window_size);
  // Before the first answer, and after a compaction, the program does not know its context and reports zeros.
  if (toRecord(context.current_usage).input_tokens === undefined) return null;
  if (tokens === null || window === null || tokens < 0 || window <= 0) return null;
  return { tokens: Math.round(tokens), window: Math.round(window) };
}

/** What the cache held was read before: only the rest is new, and paid in full. */
function readAnswer({ current_usage }: Json): Gauge["answer"] {
  const usage = toRecord(current_usage);
  if (usage.input_tokens === undefined) return null;
  const count = (name: string) => Math.max(0, Math.round(number(usage[name]) ?? 0));
  const [input, created] = [count("input_tokens"), count("cache_creation_input_tokens")];
  // What comes out grows while the answer is written.
  const id = [input, created, count("cache_read_input_tokens")].join("-");
  return { id, tokens: input + created + count("output_tokens") };
}

/** Only a web address is a link: it is going to be opened. */
function readLink(body: unknown): string | null {
  const link = typeof body === "string" ? body : text(toRecord(body).url);
  const trimmed = link.trim();
  return URL.canParse(trimmed) && /^https?:$/.test(new URL(trimmed).protocol) ? trimmed : null;
}

type Json = Readonly<Record<string, unknown>>;

function toRecord(value: unknown): Json {
  // An object that is no list has string keys; what they hold stays unknown.
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Json)
    : {};
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
