import { z } from "zod";

/** What a person wants of one line of a queue entry's diff. */
export const LineComment = z.strictObject({
  file: z.string().min(1).max(4_096),
  /** From 1: of the file as it would land, or, where the line was deleted, as it was before. */
  line: z.number().int().min(1).max(10_000_000),
  side: z.enum(["after", "before"]),
  /** The line itself, by which its worker finds it where the branch has another number for it; null: looked up. */
  quote: z.string().max(2_000).nullable(),
  text: z.string().trim().min(1, "write what you want of the line").max(4_000),
});
export type LineComment = z.infer<typeof LineComment>;

/** How much of a line is kept: enough to know it by. */
export const QUOTE_MAX = 200;

/** How many go in one message. */
export const COMMENTS_MAX = 100;

/** In the order of the diff: by file, then from top to bottom. */
export function compareComments(
  one: Pick<LineComment, "file" | "line" | "side">,
  other: Pick<LineComment, "file" | "line" | "side">,
): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  // What was deleted stands above what took its place.
  return one.line - other.line || other.side.localeCompare(one.side);
}
