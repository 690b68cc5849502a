import { z } from "zod";
import type { Speaker } from "../../../../shared/model/transcript.ts";
import { maskKeys } from "../../base/mask-keys.ts";

const Block = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  name: z.string().optional(),
  input: z.unknown().optional(),
  content: z
    .union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))])
    .optional(),
});

const Line = z.looseObject({
  type: z.enum(["user", "assistant"]),
  timestamp: z.iso.datetime().optional(),
  isMeta: z.boolean().optional(),
  message: z.looseObject({ content: z.union([z.string(), z.array(Block)]) }),
});

export interface SaidLine {
  readonly who: Speaker;
  readonly at: string | null;
  readonly text: string;
}

/** What a line of Claude Code's own record says; null where it says nothing to anybody, is cut, or of a kind not known here. */
export function readTranscriptLine(line: string): SaidLine | null {
  const parsed = parse(line);
  if (!parsed || parsed.isMeta) return null;
  const { content } = parsed.message;
  const blocks = typeof content === "string" ? [{ type: "text", text: content }] : content;
  const isOfTool = blocks.some(({ type }) => type === "tool_use" || type === "tool_result");
  const text = blocks
    .map(textOf)
    .filter((part) => part !== "")
    .join("\n");
  if (text.trim() === "") return null;
  const said = parsed.type === "user" ? "you" : "worker";
  return {
    who: isOfTool ? "tool" : said,
    at: parsed.timestamp === undefined ? null : new Date(parsed.timestamp).toISOString(),
    text: maskKeys(text.trim()),
  };
}

function textOf({ type, text, name, input, content }: z.infer<typeof Block>): string {
  switch (type) {
    case "text":
      return text ?? "";
    case "tool_use":
      return `${name ?? "tool"} ${describeInput(input)}`;
    case "tool_result":
      if (typeof content === "string") return content;
      return content?.flatMap((part) => (part.text ? [part.text] : [])).join("\n") ?? "";
    default:
      return "";
  }
}

/** The words of a call, each on its line: a command or a file is read more easily than JSON. */
function describeInput(input: unknown): string {
  if (typeof input !== "object" || input === null) return input === undefined ? "" : String(input);
  return Object.entries(input)
    .map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("\n");
}

function parse(line: string): z.infer<typeof Line> | null {
  try {
    return Line.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    // A record that is being written ends with half a line.
    return null;
  }
}
