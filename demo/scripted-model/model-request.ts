import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";

const Block = z.looseObject({ type: z.string() });
const Content = z.union([z.string(), z.array(Block)]);
export const Message = z.object({ role: z.string(), content: Content });
export type Message = z.infer<typeof Message>;

/** What the scripted model reads of a Messages API request; everything else passes unread. */
export const RequestBody = z.object({
  model: z.string().default(""),
  max_tokens: z.number().optional(),
  stream: z.boolean().default(false),
  system: Content.default(""),
  messages: z.array(Message).default([]),
  tools: z.array(z.looseObject({ name: z.string().optional() })).default([]),
  metadata: z.looseObject({ user_id: z.string().optional() }).optional(),
  output_config: z.looseObject({ format: z.looseObject({}).optional() }).optional(),
  output_format: z.looseObject({}).optional(),
});
export type RequestBody = z.infer<typeof RequestBody>;

export interface ModelRequest {
  readonly body: RequestBody;
  /** The conversation's id, or "none". */
  readonly session: string;
  /** The credential as sent: never logged, only its end is. */
  readonly token: string;
}

export function readModelRequest(headers: IncomingHttpHeaders, text: string): ModelRequest {
  const body = RequestBody.parse(JSON.parse(text));
  return { body, session: readSession(headers, body), token: readToken(headers) };
}

export function readToken(headers: IncomingHttpHeaders): string {
  const bearer = /^Bearer\s+(.+)$/i.exec(headers.authorization ?? "")?.[1];
  return bearer ?? String(headers["x-api-key"] ?? "");
}

function readSession(headers: IncomingHttpHeaders, body: RequestBody): string {
  const header = headers["x-claude-code-session-id"];
  if (typeof header === "string") return header;
  const userId = z
    .object({ session_id: z.string() })
    .safeParse(parseJson(body.metadata?.user_id ?? ""));
  return userId.data?.session_id ?? "none";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** All text of a content, that of tool results included. */
export function contentText(content: unknown): string {
  const parsed = Content.safeParse(content);
  if (!parsed.success) return "";
  if (typeof parsed.data === "string") return parsed.data;
  return parsed.data.map(blockText).join("\n");
}

function blockText(block: z.infer<typeof Block>): string {
  if (block.type === "text") return String(block.text ?? "");
  if (block.type === "tool_result") return contentText(block.content);
  return "";
}

/** What the tools of the answer before this message returned; null where it carries no results. */
export function toolResultText(message: Message): string | null {
  if (typeof message.content === "string") return null;
  const results = message.content.filter((block) => block.type === "tool_result");
  return results.length === 0 ? null : results.map(blockText).join("\n");
}

const NOTES_OF_THE_PROGRAM = [
  /<system-reminder>[\s\S]*?<\/system-reminder>/g,
  /\[Request interrupted by user[^\]]*\]/g,
  /^Continue from where you left off\.$/gm,
];

/** What a person or program typed in this message, without what Claude Code puts around it. */
export function typedText(message: Message): string {
  const text =
    typeof message.content === "string"
      ? message.content
      : message.content
          .filter((block) => block.type === "text")
          .map(blockText)
          .join("\n");
  return NOTES_OF_THE_PROGRAM.reduce((rest, note) => rest.replaceAll(note, ""), text).trim();
}

/** The folder the session works in, as its system prompt tells; null when it does not. */
export function workingDirectory(body: RequestBody): string | null {
  const text = [body.system, ...body.messages.map((message) => message.content)]
    .map(contentText)
    .join("\n");
  return /[Ww]orking directory:?\s*[`"]?(\/[^\n`"]+)/.exec(text)?.[1]?.trim() ?? null;
}
