import type { Check } from "../../../shared/model/check.ts";
import type { Task } from "../../../shared/model/task.ts";

interface FirstMessage {
  readonly task: Pick<Task, "id" | "title" | "body" | "acceptance">;
  readonly target: string;
  readonly branch: string;
  readonly projectChecks: readonly Check[];
  /** The project's own file for agents, by its path in the repository. */
  readonly agentFile: string | null;
}

/** What a worker reads first. The task's body stands in it verbatim, last, so that nothing of ours can be taken for part of it. */
export function writeFirstMessage({
  task,
  target,
  branch,
  projectChecks,
  agentFile,
}: FirstMessage): string {
  const checks = [...projectChecks, ...task.acceptance];
  return [
    `You are working on task ${task.id}: ${task.title}`,
    "",
    `You are in your own git worktree on the branch ${branch}, made from ${target}. Work only here, and commit your work on this branch.`,
    ...(agentFile ? [`Read ${agentFile} first: it says how this project is worked on.`] : []),
    ...describeChecks(checks),
    "When the work is done and committed, call the tool task_done of the server switchyard (mcp__switchyard__task_done; where tools are loaded on demand, load it first) with a summary of what you changed. It runs the checks and tells you what fails; then mend it and call it again.",
    "If you cannot go on without a person, call task_blocked with the reason. Report steps worth knowing with progress.",
    "Do not merge into, push or check out other branches unless you are told to: landing is done for you.",
    "",
    "The task:",
    "",
    task.body.trim() === "" ? task.title : task.body,
  ].join("\n");
}

/** What a worker reads when its work comes back, or when a new session takes over a branch that another one began. */
export function writeFollowUp(parts: {
  readonly handback: string;
  readonly isSameConversation: boolean;
  readonly first: string;
}): string {
  if (parts.isSameConversation) return parts.handback;
  return [
    "Another session has already worked on this task, on this very branch; see its commits with git log. What is left to do:",
    "",
    parts.handback,
    "",
    "This is how the task began:",
    "",
    parts.first,
  ].join("\n");
}

export const REMINDER = [
  "You ended your turn without calling task_done. If the work is complete and committed, call the tool task_done of the server switchyard now, with a summary.",
  "If something keeps you from finishing, call task_blocked with the reason. Otherwise go on with the task.",
].join(" ");

function describeChecks(checks: readonly Check[]): string[] {
  if (checks.length === 0)
    return ["There are no checks for this task; make sure yourself that the work is right."];
  return [
    "Done means that these commands pass on your committed work:",
    ...checks.map((check) => `- ${check.run}`),
  ];
}
