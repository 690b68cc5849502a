import type { Handoff, HandoffNote } from "./handoff.ts";

/** The note as the next session reads it. */
export function writeHandoffNote(note: HandoffNote): string {
  const parts = [
    ["Done", note.done],
    ["Remaining", note.remaining],
    ["Decisions", note.decisions],
    ["Files that matter", note.files.map((file) => `- ${file}`).join("\n")],
    ["How to check", note.check],
  ] as const;
  return parts.flatMap(([name, text]) => (text ? [`${name}:\n${text.trim()}`] : [])).join("\n\n");
}

/** The note as a file for a person. */
export function writeHandoffFile(
  { number, task, session, by, note, at }: Handoff,
  title: string,
): string {
  const writer = by === "worker" ? "its worker" : "the supervisor";
  return [
    `# Handoff ${number} of ${task}: ${title}`,
    "",
    `Written by ${writer} of session ${session} at ${at}.`,
    "",
    writeHandoffNote(note),
    "",
  ].join("\n");
}
