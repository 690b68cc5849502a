import type { LineComment } from "../../../shared/model/line-comment.ts";
import type { DiffFile, DiffLine } from "./parse-diff.ts";

/** One line of a diff, by where it stands in it. */
export interface Spot {
  readonly file: number;
  readonly hunk: number;
  readonly index: number;
}

export type LinePlace = Pick<LineComment, "line" | "side">;

/** What a comment on this line is about; null for git's own remarks. */
export function placeOf(line: DiffLine): LinePlace | null {
  if (line.after !== null) return { line: line.after, side: "after" };
  return line.before === null ? null : { line: line.before, side: "before" };
}

/** The line that comes `by` after this one, across hunks and files that are shown; the ends hold. Null: where there is none. */
export function nextSpot(
  files: readonly DiffFile[],
  isShown: (file: number) => boolean,
  from: Spot | null,
  by: 1 | -1,
): Spot | null {
  if (from === null) return firstSpot(files, isShown, 0, 1);
  const hunks = isShown(from.file) ? (files[from.file]?.hunks ?? []) : [];
  for (let { hunk, index } = from; hunks[hunk] !== undefined; ) {
    index += by;
    const line = hunks[hunk]?.lines[index];
    if (line === undefined) {
      hunk += by;
      index = by > 0 ? -1 : (hunks[hunk]?.lines.length ?? 0);
    } else if (placeOf(line)) return { file: from.file, hunk, index };
  }
  const beyond = firstSpot(files, isShown, from.file + by, by);
  return beyond ?? (isShown(from.file) ? from : null);
}

/** The first line of the file that comes `by` after this one, of those that are shown. */
export function nextFileSpot(
  files: readonly DiffFile[],
  isShown: (file: number) => boolean,
  from: Spot | null,
  by: 1 | -1,
): Spot | null {
  for (let file = from === null ? 0 : from.file + by; files[file] !== undefined; file += by) {
    const only = (each: number) => each === file && isShown(each);
    const found = firstSpot(files, only, file, 1);
    if (found) return found;
  }
  return from;
}

/** The first line, or going back the last one, of the files from `file` on. */
function firstSpot(
  files: readonly DiffFile[],
  isShown: (file: number) => boolean,
  file: number,
  by: 1 | -1,
): Spot | null {
  for (let at = file; files[at] !== undefined; at += by) {
    if (!isShown(at)) continue;
    const spots = (files[at]?.hunks ?? []).flatMap((hunk, n) =>
      hunk.lines.flatMap((line, index) => (placeOf(line) ? [{ file: at, hunk: n, index }] : [])),
    );
    const found = by > 0 ? spots[0] : spots.at(-1);
    if (found) return found;
  }
  return null;
}

/** Where a comment's line stands in this diff; null when it is not in it. */
export function spotOf(
  files: readonly DiffFile[],
  { file: path, line, side }: Pick<LineComment, "file" | "line" | "side">,
): Spot | null {
  const file = files.findIndex((each) => each.path === path);
  for (const [hunk, { lines }] of (files[file]?.hunks ?? []).entries()) {
    const index = lines.findIndex((each) => {
      const place = placeOf(each);
      return place?.line === line && place.side === side;
    });
    if (index >= 0) return { file, hunk, index };
  }
  return null;
}
