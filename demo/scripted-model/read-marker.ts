import { z } from "zod";
import { type ScriptStep, Step } from "./step.ts";

const OPENING = "[[script:";

export interface Marker {
  /** The text between the opening and the closing brackets: tells one script from another. */
  readonly raw: string;
  readonly steps: readonly Step[];
}

/** The text that makes the scripted model play `steps` when it stands in a message. */
export function writeMarker(steps: readonly ScriptStep[]): string {
  return `${OPENING} ${JSON.stringify(steps, null, 1)}]]`;
}

/**
 * The last script in a message, or null. A marker inside a string of another one belongs to whoever gets that string
 * (a subagent's prompt). A marker that cannot be read becomes a script that says so, for a silent default would hide it.
 */
export function readMarker(text: string): Marker | null {
  let found: Marker | null = null;
  let at = text.indexOf(OPENING);
  while (at >= 0) {
    const start = at + OPENING.length;
    const end = findJsonEnd(text, start);
    found = readSteps(text.slice(start, end).trim());
    at = text.indexOf(OPENING, Math.max(end, start));
  }
  return found;
}

function readSteps(raw: string): Marker {
  try {
    return { raw, steps: z.array(Step).parse(JSON.parse(raw)) };
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    return { raw, steps: [{ kind: "say", text: `The script cannot be read: ${why}` }] };
  }
}

/** The index after the bracket that closes the first one found from `start` on; `start` when it is never closed. */
function findJsonEnd(text: string, start: number): number {
  let depth = 0;
  let isInString = false;
  for (let i = start; i < text.length; i++) {
    const char = text[i];
    if (isInString) {
      if (char === "\\") i++;
      else if (char === '"') isInString = false;
    } else if (char === '"') isInString = true;
    else if (char === "[" || char === "{") depth++;
    else if (char === "]" || char === "}") {
      depth--;
      if (depth === 0) return i + 1;
    }
  }
  return start;
}
