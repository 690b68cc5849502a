import type { Check } from "../../../../shared/model/check.ts";
import type { Oid } from "../../../../shared/model/ids.ts";
import type { ConflictContext } from "../../git/conflict-context.ts";
import { mergeCommand } from "../write-handback.ts";

export interface ResolverBrief {
  readonly entry: string;
  /** What was queued, and stays in the resolver's branch. */
  readonly head: Oid;
  readonly target: { readonly name: string; readonly ref: string };
  readonly task: { readonly id: string; readonly title: string; readonly body: string };
  /** What landed since that work began and touches the same files. */
  readonly landed: readonly {
    readonly subject: string;
    readonly commit: Oid;
    /** What its own worker was asked for; null where it was no worker. */
    readonly task: { readonly id: string; readonly title: string; readonly body: string } | null;
  }[];
  readonly context: ConflictContext;
  readonly checks: readonly Check[];
  /** Why an earlier resolver was not it; null for the first. */
  readonly before: string | null;
}

/** Together they stay below what one argument of a program may hold. */
const MARKED_MAX = 28_000;
const PART_MAX = 12_000;
const TASK_MAX = 6_000;
const LANDED_MAX = 10;

/** What a resolver reads: what is to be done, what it may not do, then all that is known of both sides. */
export function writeResolverTask(brief: ResolverBrief): string {
  const { entry, head, task, context, checks, before } = brief;
  const target = brief.target.name;
  return [
    `The work of ${task.id} ("${task.title}") is finished and waits in the merge queue as ${entry}, but it conflicts with what has landed on ${target} since:`,
    ...context.files.map(({ path }) => `- ${path}`),
    "",
    "Neither that task nor anything else is yours to go on with. Bring the two sides together, so that what both of them meant is there and works.",
    "",
    `Your branch begins at that work, at ${head}.`,
    "",
    `1. Run: ${mergeCommand(brief.target)}`,
    "2. Resolve the conflicts. Read both sides below, and more of them with git log and git show, before you decide.",
    ...(checks.length === 0
      ? ["3. Make sure yourself that the result is right."]
      : ["3. Run the checks:", ...checks.map(({ run }) => `   - ${run}`)]),
    "4. Commit the merge and call task_done. Do not rebase, squash or amend what was there: that commit has to stay in your branch.",
    "",
    "What you hand in is looked at before it is taken:",
    "- Change only the files in conflict. Where another one has to change with them, for example a caller of what was renamed, write into the summary for task_done a line of its own for each: Also changed: PATH: why.",
    "- Every test that either side has stays, is run, and tests what it tested. Where two tests contradict each other, do not choose: call task_blocked and say which.",
    "- What says which checks are run is not changed unless it is in conflict itself.",
    "If the two sides cannot both be had, call task_blocked and say why.",
    ...(before === null
      ? []
      : ["", "Another one has tried before you:", "", ...quote(before, TASK_MAX)]),
    "",
    `# The conflicts: first ${target}, then what both began from, then the branch`,
    ...writeMarked(context),
    "",
    `# What ${task.id} was to do: ${task.title}`,
    ...quote(task.body, TASK_MAX),
    "",
    `# What landed on ${target} since, in these files`,
    ...writeLanded(brief.landed),
    "",
    `# What ${target} changed in these files`,
    ...quote(context.targetPatch, PART_MAX),
    "",
    "# What the branch changed in these files",
    ...quote(context.branchPatch, PART_MAX),
  ].join("\n");
}

function writeMarked({ files }: ConflictContext): readonly string[] {
  const each = Math.floor(MARKED_MAX / Math.max(1, files.length));
  return files.flatMap(({ path, marked }) => [
    "",
    `## ${path}`,
    ...(marked === null
      ? ["(One side deleted or renamed it, or it is not text; git status says which.)"]
      : quote(marked, each)),
  ]);
}

function writeLanded(landed: ResolverBrief["landed"]): readonly string[] {
  if (landed.length === 0) return ["(nothing that names a task)"];
  const shown = landed.slice(0, LANDED_MAX);
  const each = Math.floor(PART_MAX / shown.length);
  return shown.flatMap(({ subject, commit, task }) => [
    "",
    `${commit.slice(0, 12)} ${subject}`,
    ...(task === null
      ? []
      : [`It was for ${task.id}, "${task.title}":`, ...quote(task.body, each)]),
  ]);
}

/** Set off by blanks, so that nothing of it is read as a part of the task; cut to a size, which it says. */
function quote(text: string, maxLength: number): readonly string[] {
  if (text.trim() === "") return ["    (nothing)"];
  // A zero byte would end the argument in which all of this travels.
  const clean = text.replaceAll("\0", "?").trimEnd();
  const lines = clean
    .slice(0, maxLength)
    .split("\n")
    .map((line) => `    ${line}`);
  return clean.length > maxLength ? [...lines, "    (cut here)"] : lines;
}
