import { z } from "zod";
import type { EvidenceEvent, TurnEnding } from "../evidence.ts";
import { toTurnError } from "./read-claude-signal.ts";
import { readEndOfFile } from "./read-last-messages.ts";

const Content = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
]);

const Line = z.looseObject({
  type: z.string(),
  subtype: z.string().optional(),
  timestamp: z.iso.datetime().optional(),
  isSidechain: z.boolean().optional(),
  isApiErrorMessage: z.boolean().optional(),
  error: z.string().optional(),
  message: z
    .looseObject({ content: Content.optional(), stop_reason: z.string().nullish() })
    .optional(),
});
type Line = z.infer<typeof Line>;

type ToldTurn = Extract<EvidenceEvent, { kind: "turn-told" }>;

/**
 * How the newest turn of a conversation ended, by the end of its transcript; null where that does not say (the turn goes on, or
 * there is no transcript). Only the end is read, however long it is; lines that are cut, or of a kind not known here, say nothing.
 */
export function readToldTurn(file: string): ToldTurn | null {
  for (const text of readEndOfFile(file).split("\n").toReversed()) {
    const line = parse(text);
    if (!line || line.isSidechain) continue;
    const told = tell(line);
    if (told === "nothing") continue;
    if (told === null || line.timestamp === undefined) return null;
    const at = new Date(line.timestamp).toISOString();
    return { kind: "turn-told", at, signal: `transcript:${told.ending}`, ...told };
  }
  return null;
}

/** `nothing`: the line before it decides. Null: the turn goes on. */
function tell(line: Line): { ending: TurnEnding; message: string } | null | "nothing" {
  const text = textOf(line);
  switch (line.type) {
    case "user": {
      if (!text.startsWith("[Request interrupted by user")) return null;
      const isRefusal = text.includes("for tool use");
      return { ending: "interrupted", message: isRefusal ? "what it asked was refused" : "by Esc" };
    }
    case "assistant":
      if (line.isApiErrorMessage) {
        const isFull = /prompt is too long|context limit reached/i.test(text);
        return {
          ending: isFull ? "context-full" : toTurnError(line.error ?? "", text),
          message: text,
        };
      }
      return line.message?.stop_reason === "end_turn" ? { ending: "completed", message: "" } : null;
    case "system":
      return line.subtype === "turn_duration" ? { ending: "completed", message: "" } : "nothing";
    default:
      return "nothing";
  }
}

function textOf({ message }: Line): string {
  const content = message?.content ?? "";
  if (typeof content === "string") return content;
  return content.flatMap(({ type, text }) => (type === "text" && text ? [text] : [])).join("\n");
}

function parse(text: string): Line | null {
  try {
    return Line.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
