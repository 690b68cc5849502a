import { z } from "zod";
import { EntryId, Oid } from "./ids.ts";

/** So much of one file is shown and can be written; a longer one is resolved in a worktree. */
export const PART_MAX = 400_000;
const text = z.string().max(PART_MAX);

export const ConflictPart = z.discriminatedUnion("kind", [
  /** Lines that merged. */
  z.object({ kind: z.literal("same"), text }),
  /** Lines of which each side made something else; each with its line breaks, empty where it has none. */
  z.object({ kind: z.literal("lines"), base: text, target: text, branch: text }),
  /** No matter of lines: what each side holds, in words. */
  z.object({ kind: z.literal("whole"), base: text, target: text, branch: text }),
]);
export type ConflictPart = z.infer<typeof ConflictPart>;

/** What is taken at one conflicting place. `both`: the target's lines, then the branch's. */
export const Choice = z.union([
  z.enum(["target", "branch", "both"]),
  z.strictObject({ text: z.string().max(PART_MAX) }),
]);
export type Choice = z.infer<typeof Choice>;

export const FileChoices = z.strictObject({
  path: z.string().max(4_096),
  /** One for each conflicting place, in order; null: not yet. */
  choices: z.array(Choice.nullable()).max(5_000),
});
export type FileChoices = z.infer<typeof FileChoices>;

/** A conflict of an entry with the target, for a person to resolve. */
export const ConflictView = z.object({
  entry: EntryId,
  /** The target's name, and its commit that this is about. */
  target: z.string(),
  base: Oid,
  files: z.array(z.object({ path: z.string(), parts: z.array(ConflictPart) })),
  /** What was chosen before and not used yet. */
  draft: z.array(FileChoices),
});
export type ConflictView = z.infer<typeof ConflictView>;
export type ConflictFile = ConflictView["files"][number];

export function isPlace(part: ConflictPart): part is Exclude<ConflictPart, { kind: "same" }> {
  return part.kind !== "same";
}

/** How many conflicting places are left. */
export function countOpen({ parts }: ConflictFile, choices: readonly (Choice | null)[]): number {
  return parts.filter(isPlace).filter((_, at) => (choices[at] ?? null) === null).length;
}

/** The file as it was chosen; null where a place is left. */
export function resolveText(
  { parts }: ConflictFile,
  choices: readonly (Choice | null)[],
): string | null {
  let at = 0;
  let made = "";
  for (const part of parts) {
    if (part.kind === "same") {
      made += part.text;
      continue;
    }
    const chosen = choices[at] ?? null;
    at += 1;
    if (chosen === null) return null;
    made += textOf(part, chosen);
  }
  return made;
}

/** What stands at one place as it was chosen. */
export function textOf(part: Exclude<ConflictPart, { kind: "same" }>, chosen: Choice): string {
  if (typeof chosen !== "string") return chosen.text;
  if (chosen === "both") return `${endLine(part.target)}${part.branch}`;
  return part[chosen];
}

function endLine(lines: string): string {
  return lines === "" || lines.endsWith("\n") ? lines : `${lines}\n`;
}

/** Choices of before that still fit: of a file with another number of places all are open again. */
export function keepChoices(
  files: readonly ConflictFile[],
  draft: readonly FileChoices[],
): readonly FileChoices[] {
  return files.map(({ path, parts }) => {
    const known = draft.find((each) => each.path === path)?.choices ?? [];
    const places = parts.filter(isPlace);
    const fits = known.length === places.length;
    return { path, choices: places.map((_, at) => (fits ? (known[at] ?? null) : null)) };
  });
}
