import {
  COMMENTS_MAX,
  compareComments,
  type LineComment,
  QUOTE_MAX,
} from "../../../shared/model/line-comment.ts";
import type { Project } from "../../../shared/model/project.ts";
import type { QueueEntry } from "../../../shared/model/queue-entry.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { type LineRange, readShownLines } from "../git/diff.ts";
import { readFileAt } from "../git/read-file-at.ts";
import { mergeBase, openRepository, resolveBranch } from "../git/repository.ts";

/** A session is started with its message as one argument, of which Linux takes 128 KiB: three bytes a character, beside the longest note. */
const CHARACTERS_MAX = 20_000;
const FILE_MAX_BYTES = 8 * 1024 * 1024;
const RANGES_NAMED_MAX = 8;

/** A comment as its worker finds the line: numbered as in its own branch, with its text. */
export type PlacedComment = LineComment & { readonly quote: string };

/** The branch on one side, and where it left the target on the other. */
export interface DiffSides {
  /** A file; null where there is none. */
  readonly read: (side: LineComment["side"], file: string) => Promise<string | null>;
  /** What the diff shows of it. */
  readonly shown: (side: LineComment["side"], file: string) => Promise<readonly LineRange[]>;
}

/**
 * Puts comments into the order of the diff, gives each its line's text, and its number in the branch: the diff can show a merge
 * in which lines stand elsewhere. Throws `bad-input` for a line that is not in the diff, and for more than one message holds.
 */
export async function placeComments(
  comments: readonly LineComment[],
  sides: DiffSides,
): Promise<readonly PlacedComment[]> {
  const placed = await Promise.all(comments.map((comment) => placeComment(comment, sides)));
  const length = placed.reduce(
    (sum, { quote, text, file }) => sum + (quote + text + file).length,
    0,
  );
  if (comments.length > COMMENTS_MAX || length > CHARACTERS_MAX)
    throw new SwitchyardError(
      "bad-input",
      `${comments.length} comments with ${length.toLocaleString("en")} characters are too much for one message: it holds ${COMMENTS_MAX}, with ${CHARACTERS_MAX.toLocaleString("en")}.`,
      "Leave out what matters least, or write a note instead.",
    );
  return placed.sort(compareComments);
}

/** The branch of an entry, and where it left the target or what it is put on top of. */
export async function readSides(
  { path, target }: Pick<Project, "path" | "target">,
  { head, base }: Pick<QueueEntry, "head" | "base">,
): Promise<DiffSides> {
  const repo = await openRepository(path);
  const from = await mergeBase(repo, base ?? (await resolveBranch(repo, target)), head);
  return {
    read: async (side, file) => {
      const commit = side === "after" ? head : from;
      return commit === null ? null : readFileAt(repo, commit, file, FILE_MAX_BYTES);
    },
    shown: async (side, file) =>
      from === null ? [WHOLE] : (await readShownLines(repo, { from, to: head, file }))[side],
  };
}

/** Where the branch has nothing in common with the target, all of it is its change. */
const WHOLE: LineRange = { first: 1, last: Number.MAX_SAFE_INTEGER };

async function placeComment(comment: LineComment, sides: DiffSides): Promise<PlacedComment> {
  const { file, line, quote, side } = comment;
  const content = await sides.read(side, file);
  if (content === null) {
    // Where the diff showed it, the merge has it: only its number in the branch is not known.
    if (quote !== null) return { ...comment, quote: quote.slice(0, QUOTE_MAX) };
    throw new SwitchyardError(
      "bad-input",
      `The branch has no file ${file}.`,
      "Name it from the root of the repository, as the diff does.",
    );
  }
  const lines = linesOf(content);
  if (quote !== null) {
    const nearest = nearestLine(lines, line, quote) ?? line;
    return { ...comment, line: nearest, quote: quote.slice(0, QUOTE_MAX) };
  }
  const text = lines[line - 1];
  if (text === undefined) {
    const count = lines.length === 1 ? "1 line" : `${lines.length} lines`;
    throw new SwitchyardError("bad-input", `${file} has ${count}; there is no line ${line}.`);
  }
  const shown = await sides.shown(side, file);
  if (!shown.some(({ first, last }) => line >= first && line <= last))
    throw notShown(comment, shown);
  return { ...comment, quote: text.slice(0, QUOTE_MAX) };
}

function notShown({ file, line }: LineComment, shown: readonly LineRange[]): SwitchyardError {
  if (shown.length === 0)
    return new SwitchyardError(
      "bad-input",
      `The branch does not change ${file}, so it is not in the diff.`,
      "Comment on a line of the diff, or say it in the note.",
    );
  const ranges = shown.map(({ first, last }) => (first === last ? `${first}` : `${first}–${last}`));
  const named = ranges.slice(0, RANGES_NAMED_MAX).join(", ");
  const more = ranges.length > RANGES_NAMED_MAX ? " and more" : "";
  return new SwitchyardError(
    "bad-input",
    `Line ${line} of ${file} is not in the diff.`,
    `Comment on one of the lines that it shows (${named}${more}), or say it in the note.`,
  );
}

function linesOf(content: string): readonly string[] {
  const lines = content.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** The number of the line with this text that is nearest to `from`; null where there is none. */
function nearestLine(lines: readonly string[], from: number, text: string): number | null {
  const wanted = text.replace(/\r$/, "").slice(0, QUOTE_MAX);
  let nearest: number | null = null;
  for (const [index, each] of lines.entries()) {
    if (each.slice(0, QUOTE_MAX) !== wanted) continue;
    const isNearer = nearest === null || Math.abs(index + 1 - from) < Math.abs(nearest - from);
    if (isNearer) nearest = index + 1;
  }
  return nearest;
}
