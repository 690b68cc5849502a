import type { Approval } from "../../../shared/model/ask.ts";
import type { Instant, ProjectName, TaskId } from "../../../shared/model/ids.ts";
import {
  asksNothing,
  MODE_TOOL,
  type PermissionMode,
} from "../../../shared/model/permission-mode.ts";

export interface ModeQuestion {
  readonly project: ProjectName;
  /** Null: for whatever task of the project has no mode of its own. */
  readonly task: { readonly id: TaskId; readonly permissionMode: PermissionMode | null } | null;
  /** What the settings in force for the project name. */
  readonly settings: PermissionMode | undefined;
  /** Whether its workers' commands run inside the provider's sandbox. */
  readonly isSandboxed: boolean;
  /** The project's. */
  readonly approvals: readonly Approval[];
  readonly now: Instant;
}

export type ModeChoice =
  | {
      readonly kind: "chosen";
      readonly mode: PermissionMode;
      /** When its acceptance ends; null for a mode that needs none. */
      readonly until: Instant | null;
    }
  /** `reason` is a sentence, and one with the way out. */
  | { readonly kind: "refused"; readonly mode: PermissionMode; readonly reason: string };

/** Where a person wants no more than a worker that edits in its own worktree. */
const USUAL: PermissionMode = "acceptEdits";

/** The mode in which the next session for a task is started; a mode in which nothing is asked needs an acceptance that has not ended. */
export function planPermissionMode(question: ModeQuestion): ModeChoice {
  const { task, settings, now } = question;
  const mode = task?.permissionMode ?? settings ?? USUAL;
  if (!asksNothing(mode)) return { kind: "chosen", mode, until: null };
  const unsafe = whyUnsandboxed(mode, question.project, question.isSandboxed);
  if (unsafe !== null) return { kind: "refused", mode, reason: `${unsafe} ${anotherMode(task)}` };
  const ends = question.approvals
    .filter((each) => each.tool === MODE_TOOL && each.input === mode && holdsFor(each, task))
    .map(({ until }) => until ?? now)
    .sort();
  const last = ends.at(-1);
  if (last !== undefined && last > now) return { kind: "chosen", mode, until: last };
  const why =
    last === undefined ? "and nobody has accepted that" : `and what accepted that ended at ${last}`;
  const accept = `switchyard project set ${question.project} --accept-mode ${mode}`;
  const own = task ? `switchyard task edit ${task.id} --permission-mode ${mode}, or ` : "";
  return {
    kind: "refused",
    mode,
    reason: `Its workers would run in the mode ${mode} and ask nothing, ${why}. Accept it: ${own}${accept}. ${anotherMode(task)}`,
  };
}

/** Why this mode cannot be accepted as things stand; null where it can. */
export function whyUnsandboxed(
  mode: PermissionMode,
  project: ProjectName,
  isSandboxed: boolean,
): string | null {
  if (mode !== "bypassPermissions" || isSandboxed) return null;
  return `The mode bypassPermissions holds only inside the sandbox, because nothing else stops what runs in it, and the sandbox is off for ${project}. Switch it on with agents.worker.sandbox: true.`;
}

function holdsFor(approval: Approval, task: ModeQuestion["task"]): boolean {
  return approval.task === null || approval.task === task?.id;
}

function anotherMode(task: ModeQuestion["task"]): string {
  if (task === null || task.permissionMode === null)
    return `Or take another mode: agents.worker.permission-mode: ${USUAL}.`;
  return `Or take another mode: switchyard task edit ${task.id} --permission-mode ${USUAL}.`;
}
