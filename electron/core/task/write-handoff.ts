import type { Handoff, HandoffNote } from "../../../shared/model/handoff.ts";

/** What a session whose context fills up is told. */
export const HANDOFF_ASK = [
  "Your context is filling up, so a fresh session will go on with this task in this worktree. It will know nothing of this conversation.",
  "Commit what you have now, unfinished or not. Then call the tool handoff of the server switchyard (mcp__switchyard__handoff; where tools are loaded on demand, load it first) with what is done, what remains, what you decided and why, the files that matter, and how to check the work; then end your turn.",
  "If the task is complete and committed instead, call task_done.",
].join(" ");

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
