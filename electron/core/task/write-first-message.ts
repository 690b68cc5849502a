import type { Check } from "../../../shared/model/check.ts";
import type { HandoffNote } from "../../../shared/model/handoff.ts";
import type { Task } from "../../../shared/model/task.ts";
import { writeHandoffNote } from "../../../shared/model/write-handoff.ts";

/** Names beyond these are only counted. */
const CARRIED_SHOWN = 20;

interface FirstMessage {
  readonly task: Pick<Task, "id" | "title" | "body" | "acceptance">;
  readonly target: string;
  readonly branch: string;
  readonly projectChecks: readonly Check[];
  /** The project's own file for agents, by its path in the repository. */
  readonly agentFile: string | null;
  /** Paths of the person's uncommitted changes that the worktree began with. */
  readonly carried: readonly string[];
  /** Commands that are put behind the build lock for it. */
  readonly locked: readonly string[];
}

/** What a worker reads first. The task's body stands in it verbatim, last, so that nothing of ours can be taken for part of it. */
export function writeFirstMessage({
  task,
  target,
  branch,
  projectChecks,
  agentFile,
  carried,
  locked,
}: FirstMessage): string {
  const checks = [...projectChecks, ...task.acceptance];
  return [
    `You are working on task ${task.id}: ${task.title}`,
    "",
    `You are in your own git worktree on the branch ${branch}, made from ${target}. Work only here, and commit your work on this branch.`,
    ...(agentFile ? [`Read ${agentFile} first: it says how this project is worked on.`] : []),
    ...describeCarried(carried),
    ...describeChecks(checks),
    ...describeLocked(locked),
    "When the work is done and committed, call the tool task_done of the server switchyard (mcp__switchyard__task_done; where tools are loaded on demand, load it first) with a summary of what you changed. It runs the checks and tells you what fails; then mend it and call it again.",
    "If a decision is the person's, call ask: it waits for the answer. If you cannot go on without a person, call task_blocked with the reason. Report steps worth knowing with progress.",
    "Do not merge into, push or check out other branches unless you are told to: landing is done for you.",
    "",
    "The task:",
    "",
    task.body.trim() === "" ? task.title : task.body,
  ].join("\n");
}

/** What a worker reads when its work comes back, or when a new session takes over a branch that another one began. */
export function writeFollowUp(parts: {
  readonly handback: string | null;
  /** What the session before left to it. */
  readonly note: HandoffNote | null;
  readonly isSameConversation: boolean;
  readonly first: string;
}): string {
  const { handback, note, first } = parts;
  if (parts.isSameConversation && handback !== null) return handback;
  if (note === null && handback === null) return first;
  return [
    "Another session has already worked on this task, on this very branch; see its commits with git log, and git status for what it left uncommitted.",
    ...(note ? ["What it left to you:", "", cut(writeHandoffNote(note)), ""] : []),
    ...(handback === null ? [] : ["What is left to do:", "", handback, ""]),
    "This is how the task began:",
    "",
    first,
  ].join("\n");
}

/** With the longest body it still has to fit into one argument of a program. */
const NOTE_MAX_BYTES = 20_000;

function cut(note: string): string {
  const bytes = Buffer.from(note);
  if (bytes.length <= NOTE_MAX_BYTES) return note;
  return `${bytes.toString("utf8", 0, NOTE_MAX_BYTES)}…\n(The note is longer; the rest is left out.)`;
}

/** What a session whose context fills up is told. */
export const HANDOFF_ASK = [
  "Your context is filling up, so a fresh session will go on with this task in this worktree. It will know nothing of this conversation.",
  "Commit what you have now, unfinished or not. Then call the tool handoff of the server switchyard (mcp__switchyard__handoff; where tools are loaded on demand, load it first) with what is done, what remains, what you decided and why, the files that matter, and how to check the work; then end your turn.",
  "If the task is complete and committed instead, call task_done.",
].join(" ");

export const REMINDER = [
  "You ended your turn without calling task_done. If the work is complete and committed, call the tool task_done of the server switchyard now, with a summary.",
  "If something keeps you from finishing, call task_blocked with the reason. Otherwise go on with the task.",
].join(" ");

function describeCarried(carried: readonly string[]): string[] {
  if (carried.length === 0) return [];
  const more = carried.length > CARRIED_SHOWN ? `, and ${carried.length - CARRIED_SHOWN} more` : "";
  return [
    `Your worktree begins with uncommitted changes that the person carried over: ${carried.slice(0, CARRIED_SHOWN).join(", ")}${more}. Build on them, do not undo them, and commit them with your work.`,
  ];
}

function describeLocked(locked: readonly string[]): string[] {
  if (locked.length === 0) return [];
  return [
    `Expensive commands share build slots with the other workers: run them as switchyard lock -- COMMAND, which waits for a slot. These are put behind it for you: ${locked.join("; ")}.`,
  ];
}

function describeChecks(checks: readonly Check[]): string[] {
  if (checks.length === 0)
    return ["There are no checks for this task; make sure yourself that the work is right."];
  return [
    "Done means that these commands pass on your committed work:",
    ...checks.map((check) => `- ${check.run}`),
  ];
}
