import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { findLogin } from "./auth.ts";

export interface ApiMessage {
  readonly role: "user" | "assistant";
  readonly content: unknown;
}

const ToolUse = z.object({
  type: z.literal("tool_use"),
  id: z.string(),
  name: z.string(),
  input: z.record(z.string(), z.unknown()),
});
export type ToolUse = z.infer<typeof ToolUse>;

const Answer = z.object({
  id: z.string(),
  model: z.string(),
  content: z.array(
    z.union([
      z.object({ type: z.literal("text"), text: z.string() }),
      ToolUse,
      z.looseObject({ type: z.literal("thinking") }),
    ]),
  ),
  stop_reason: z.string(),
  usage: z.looseObject({
    input_tokens: z.number(),
    output_tokens: z.number(),
    cache_creation_input_tokens: z.number().default(0),
    cache_read_input_tokens: z.number().default(0),
  }),
});
export type Answer = z.infer<typeof Answer>;

export type ModelOutcome =
  | { readonly kind: "answered"; readonly answer: Answer; readonly headers: Headers }
  /** `error` is what a StopFailure hook names it. */
  | {
      readonly kind: "failed";
      readonly error: string;
      readonly text: string;
      readonly headers: Headers | null;
    };

const RETRY_PAUSES_MS = [500, 1000];

/** Asks the Messages API once; an overloaded or unreachable one is asked again, twice. */
export async function callModel(
  body: { readonly messages: readonly ApiMessage[]; readonly [key: string]: unknown },
  conversation: string,
  signal: AbortSignal,
): Promise<ModelOutcome> {
  const login = findLogin(process.env);
  if (!login) {
    const text = "Not logged in · Please run /login";
    return { kind: "failed", error: "authentication_failed", text, headers: null };
  }
  let outcome = await askOnce(body, conversation, login.headers, signal);
  for (const pauseMs of RETRY_PAUSES_MS) {
    if (outcome.kind === "answered" || outcome.error !== "server_error") break;
    await wait(pauseMs, undefined, { signal });
    outcome = await askOnce(body, conversation, login.headers, signal);
  }
  return outcome;
}

async function askOnce(
  body: object,
  conversation: string,
  auth: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ModelOutcome> {
  const url = `${process.env.ANTHROPIC_BASE_URL ?? "https://api.anthropic.com"}/v1/messages`;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        ...auth,
        "content-type": "application/json",
        "x-claude-code-session-id": conversation,
      },
      body: JSON.stringify(body),
      signal,
    });
    const text = await response.text();
    if (!response.ok) return refusal(response, text);
    const answer = Answer.parse(JSON.parse(text));
    return { kind: "answered", answer, headers: response.headers };
  } catch (error) {
    signal.throwIfAborted();
    const text = `API Error: Unable to connect to API (${error instanceof Error ? error.message : error})`;
    return { kind: "failed", error: "server_error", text, headers: null };
  }
}

function refusal(response: Response, text: string): ModelOutcome {
  const { status, headers } = response;
  const said = `API Error: ${status} ${text}`;
  if (status === 429) {
    const isQuota = headers.get("anthropic-ratelimit-unified-status") === "rejected";
    const limit = "You've hit your session limit";
    return { kind: "failed", error: "rate_limit", text: isQuota ? limit : said, headers };
  }
  if (status === 401 || status === 403)
    return { kind: "failed", error: "authentication_failed", text: said, headers };
  return { kind: "failed", error: status >= 500 ? "server_error" : "unknown", text: said, headers };
}
