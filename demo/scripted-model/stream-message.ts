import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { AnswerBlock } from "./write-blocks.ts";
import type { AnswerMessage } from "./write-message.ts";

/** Sends a message whole, as the API answers a request that asks for no stream. */
export function sendMessage(response: ServerResponse, message: AnswerMessage): void {
  const content = message.blocks.map((block) =>
    block.type === "text" ? { type: "text", text: block.text } : block,
  );
  response.writeHead(200, { "content-type": "application/json", ...message.headers });
  response.end(JSON.stringify({ ...envelope(message), content, usage: message.usage }));
}

/** Sends a message as server-sent events; a slow text takes its time. Ends early when `signal` says the client is gone. */
export async function streamMessage(
  response: ServerResponse,
  message: AnswerMessage,
  signal: AbortSignal,
): Promise<void> {
  const send = (type: string, fields: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
    ...message.headers,
  });
  const start = { ...envelope(message), stop_reason: null, content: [] };
  send("message_start", { message: { ...start, usage: { ...message.usage, output_tokens: 1 } } });

  for (const [index, block] of message.blocks.entries()) {
    send("content_block_start", { index, content_block: emptied(block) });
    for (const piece of pieces(block, message.gapMs)) {
      send("content_block_delta", { index, delta: piece.delta });
      if (piece.pauseMs > 0) await wait(piece.pauseMs, undefined, { signal });
    }
    send("content_block_stop", { index });
  }

  if (message.isCut) {
    response.destroy();
    return;
  }
  const delta = { stop_reason: message.stopReason, stop_sequence: null };
  send("message_delta", { delta, usage: message.usage });
  send("message_stop", {});
  response.end();
}

function envelope(message: AnswerMessage) {
  return {
    id: message.id,
    type: "message",
    role: "assistant",
    model: message.model,
    stop_reason: message.stopReason,
    stop_sequence: null,
  };
}

function emptied(block: AnswerBlock): object {
  if (block.type === "text") return { type: "text", text: "" };
  if (block.type === "thinking") return { type: "thinking", thinking: "", signature: "" };
  return { ...block, input: {} };
}

interface Piece {
  readonly delta: object;
  readonly pauseMs: number;
}

function pieces(block: AnswerBlock, gapMs: number): readonly Piece[] {
  if (block.type === "text") {
    const texts = block.text.match(/[\s\S]{1,12}/g) ?? [""];
    const pauseMs = block.overMs > 0 ? block.overMs / texts.length : gapMs;
    return texts.map((text) => ({ delta: { type: "text_delta", text }, pauseMs }));
  }
  if (block.type === "thinking") {
    return [
      { delta: { type: "thinking_delta", thinking: block.thinking }, pauseMs: 0 },
      { delta: { type: "signature_delta", signature: block.signature }, pauseMs: 0 },
    ];
  }
  const partial = JSON.stringify(block.input);
  return [{ delta: { type: "input_json_delta", partial_json: partial }, pauseMs: 0 }];
}
