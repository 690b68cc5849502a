import { createHash } from "node:crypto";
import { contentText, type RequestBody, workingDirectory } from "./model-request.ts";
import type { AnswerPlan } from "./plan-answer.ts";
import type { PlainStep } from "./step.ts";
import { unifiedHeaders } from "./unified-headers.ts";
import { type AnswerBlock, writeBlocks } from "./write-blocks.ts";

export interface AnswerMessage {
  readonly id: string;
  readonly model: string;
  readonly blocks: readonly AnswerBlock[];
  readonly stopReason: string;
  readonly usage: Readonly<Record<string, unknown>> & { readonly output_tokens: number };
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds before the first byte. */
  readonly delayMs: number;
  /** Milliseconds between two pieces of a text. */
  readonly gapMs: number;
  /** True: the connection is cut before the message is complete. */
  readonly isCut: boolean;
}

const CHARS_PER_TOKEN = 4;

/** A good answer: its content, and what stands around it. */
export function writeMessage(plan: AnswerPlan, body: RequestBody): AnswerMessage {
  const blocks = writeBlocks(plan.turn, {
    cwd: workingDirectory(body),
    toolNames: body.tools.map((tool) => tool.name ?? ""),
    seed: plan.seed,
  });
  const usesTool = blocks.some((block) => block.type === "tool_use");
  const only = <K extends PlainStep["kind"]>(kind: K) =>
    plan.turn.filter((step): step is Extract<PlainStep, { kind: K }> => step.kind === kind);

  return {
    id: `msg_${createHash("sha1").update(plan.seed).digest("hex").slice(0, 24)}`,
    model: body.model,
    blocks,
    stopReason: only("stop").at(-1)?.reason ?? (usesTool ? "tool_use" : "end_turn"),
    ...standing([...plan.earlier, ...plan.turn], body, blocks),
    delayMs: only("delay").reduce((sum, step) => sum + step.seconds * 1000, 0),
    gapMs: only("speed").at(-1)?.gapMs ?? 0,
    isCut: only("drop").length > 0,
  };
}

/** Usage and headers: once a script has set them they stay in force. */
function standing(
  steps: readonly PlainStep[],
  body: RequestBody,
  blocks: readonly AnswerBlock[],
): Pick<AnswerMessage, "usage" | "headers"> {
  const context = JSON.stringify(body.messages).length + contentText(body.system).length;
  let headers: Record<string, string> = {};
  let usage: AnswerMessage["usage"] = {
    input_tokens: 3,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: Math.ceil(context / CHARS_PER_TOKEN),
    output_tokens: Math.ceil(JSON.stringify(blocks).length / CHARS_PER_TOKEN),
    service_tier: "standard",
  };
  for (const step of steps) {
    if (step.kind === "headers") headers = { ...headers, ...step.headers };
    if (step.kind === "usage") usage = { ...usage, ...step.usage };
    if (step.kind === "tokens")
      usage = { ...usage, cache_read_input_tokens: Math.max(0, step.tokens - 3) };
  }
  return { usage, headers };
}

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  529: "overloaded_error",
};
const ERROR_MESSAGES: Readonly<Record<number, string>> = {
  401: "OAuth token has been revoked",
  429: "This request would exceed your account's rate limit. Please try again later.",
  500: "Internal server error",
  529: "Overloaded",
};

export interface AnswerError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly type: "error"; readonly error: { type: string; message: string } };
}

/** A refused call, in the form the API gives it. */
export function writeError(
  step: Omit<Extract<PlainStep, { kind: "error" }>, "kind">,
  nowMs: number,
): AnswerError {
  const { status, limit } = step;
  const spent = { status: "rejected", utilization: 1, resets_in: step.resets_in ?? 3600 } as const;
  return {
    status,
    headers: {
      ...(limit ? unifiedHeaders({ [limit]: spent }, nowMs) : {}),
      ...(step.retry_after === undefined ? {} : { "retry-after": String(step.retry_after) }),
      ...step.headers,
    },
    body: {
      type: "error",
      error: {
        type: step.type ?? ERROR_TYPES[status] ?? "api_error",
        message: step.message ?? ERROR_MESSAGES[status] ?? "A scripted error",
      },
    },
  };
}
