import type { SearchHit } from "../../../../shared/model/transcript.ts";

/** What a person takes in at a glance, in the window's list and in a terminal of 100 columns. */
const BEFORE_MAX = 60;
const TEXT_MAX = 180;

/** Finds `text` as it is written, whatever its case. */
export function patternOf(text: string): RegExp {
  return new RegExp(escapePattern(text), "gi");
}

/** … in lines of JSON, where some letters are written otherwise. */
export function jsonPatternOf(text: string): RegExp {
  return new RegExp(escapePattern(JSON.stringify(text).slice(1, -1)), "gi");
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** The first place where `pattern` is found in a text, with what stands around it on one line; null where it is not. */
export function cutAround(
  text: string,
  pattern: RegExp,
): Pick<SearchHit, "text" | "from" | "length"> | null {
  pattern.lastIndex = 0;
  const match = pattern.exec(text);
  if (!match) return null;
  const start = Math.max(text.lastIndexOf("\n", match.index) + 1, match.index - BEFORE_MAX);
  const isCutBefore = start > 0 && text[start - 1] !== "\n";
  const before = oneLine(text.slice(start, match.index)).trimStart();
  const found = oneLine(match[0]);
  const after = oneLine(text.slice(match.index + match[0].length).split("\n", 1)[0] ?? "");
  const lead = isCutBefore ? "…" : "";
  const room = Math.max(0, TEXT_MAX - lead.length - before.length - found.length);
  const tail = after.length > room ? `${after.slice(0, room)}…` : after;
  return {
    text: `${lead}${before}${found}${tail.trimEnd()}`,
    from: lead.length + before.length,
    length: found.length,
  };
}

/** Nothing in it steers a terminal, or looks like other text; each letter stays one letter, so that places keep. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ");
}
