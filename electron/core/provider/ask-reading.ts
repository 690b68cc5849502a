import type { Ask } from "../../../shared/model/ask.ts";

/** What a session's program asks, in words that hold for every provider. */
export interface AskReading
  extends Pick<Ask, "kind" | "tool" | "summary" | "detail" | "why" | "questions"> {
  /** The input of the tool, as JSON, to be given back with an answer. */
  readonly input: string;
  /** Its pane shows it as a dialog, in which it can be answered too. One that is not shown has a `why`. */
  readonly isShown: boolean;
}

/**
 * A tool's input in the form in which an approval holds it: the same for the same keys in any order, and without the
 * description, which a model words anew each time and which does nothing.
 */
export function approvedInput(input: unknown): string {
  return JSON.stringify(input, (key, value: unknown) => {
    if (key === "description") return undefined;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
