import { z } from "zod";

export const FileKind = z.enum(["source", "test", "docs", "settings", "lock"]);
export type FileKind = z.infer<typeof FileKind>;

/** What a change is, as its commits and git's count of lines tell. */
export const ChangeSummary = z.object({
  /** Subjects, oldest first; the first of them where there are very many. */
  commits: z.array(z.string()),
  commitCount: z.number().int().nonnegative(),
  /** How many files there are of each kind; those of which there are none are left out. */
  files: z.array(z.object({ kind: FileKind, count: z.number().int().positive() })),
  /** Lines; those of binary files are not counted. */
  added: z.number().int().nonnegative(),
  removed: z.number().int().nonnegative(),
  /** Files with tests that it touches; the first of them. */
  tests: z.array(z.string()),
});
export type ChangeSummary = z.infer<typeof ChangeSummary>;

/** `2 commits, 6 files (4 source, 1 test, 1 docs), 120 lines added, 40 removed`. */
export function describeChange({ commitCount, files, added, removed }: ChangeSummary): string {
  const total = files.reduce((sum, { count }) => sum + count, 0);
  const kinds = files.map(({ kind, count }) => `${count} ${kind}`).join(", ");
  const named = `${count(total, "file")}${total === 0 ? "" : ` (${kinds})`}`;
  return `${count(commitCount, "commit")}, ${named}, ${count(added, "line")} added, ${removed} removed`;
}

/** For a message that stands for all of its commits. */
export function writeChange(change: ChangeSummary): string {
  const { commits, commitCount, tests } = change;
  const more = commitCount - commits.length;
  return [
    ...commits.map((subject) => `- ${subject}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
    "",
    `${describeChange(change)}.`,
    ...(tests.length > 0 ? [`Tests touched: ${tests.join(", ")}`] : []),
  ]
    .join("\n")
    .trim();
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
