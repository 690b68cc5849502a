import { createHash } from "node:crypto";
import type { Ask } from "../../../shared/model/ask.ts";

/** A longer input is told apart by its digest alone: a whole file that is to be written is not kept a second time. */
const INPUT_MAX_CHARS = 50_000;

/** What a session's program asks, in words that hold for every provider. */
export interface AskReading
  extends Pick<Ask, "kind" | "tool" | "summary" | "detail" | "why" | "questions"> {
  /** The input of the tool, as JSON, to be given back with an answer. */
  readonly input: string;
  /** The folder that its call is made in; "." is the session's own worktree. A yes to it holds for this folder alone. */
  readonly place?: string;
  /** Its pane shows it as a dialog, in which it can be answered too. One that is not shown has a `why`. */
  readonly isShown: boolean;
}

/**
 * A tool's input in the form in which an approval holds it: the same for the same keys in any order. A command comes without its
 * description, which a model words anew each time and which does nothing.
 */
export function approvedInput(tool: string, input: unknown): string {
  const isCommand = tool === "Bash" || tool === "PowerShell";
  const text = JSON.stringify(input, (key, value: unknown) => {
    if (isCommand && key === "description") return undefined;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
  if (text.length <= INPUT_MAX_CHARS) return text;
  return JSON.stringify(`sha256:${createHash("sha256").update(text).digest("hex")}`);
}
