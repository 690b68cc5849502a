import { QUOTE_MAX } from "../../../shared/model/line-comment.ts";
import type { Draft } from "./comment-drafts.ts";
import { placeOf } from "./diff-spots.ts";
import type { DiffFile } from "./parse-diff.ts";

/**
 * The comments as they belong to this diff: one whose line has moved moves with it, one whose line is not there any more is
 * outdated. A branch that got newer commits keeps what was written on it.
 */
export function placeDrafts(
  files: readonly DiffFile[],
  drafts: readonly Draft[],
): readonly Draft[] {
  return drafts.map((draft) => {
    const line = nearestLine(files, draft);
    return line === null ? { ...draft, isOutdated: true } : { ...draft, line, isOutdated: false };
  });
}

function nearestLine(files: readonly DiffFile[], draft: Draft): number | null {
  let nearest: number | null = null;
  const file = files.find((each) => each.path === draft.file);
  for (const line of (file?.hunks ?? []).flatMap((hunk) => hunk.lines)) {
    const place = placeOf(line);
    if (place?.side !== draft.side || quoteOf(line.text) !== draft.quote) continue;
    const away = Math.abs(place.line - draft.line);
    if (nearest === null || away < Math.abs(nearest - draft.line)) nearest = place.line;
  }
  return nearest;
}

/** As much of a line as is kept with a comment. */
export function quoteOf(text: string): string {
  return text.slice(0, QUOTE_MAX);
}
