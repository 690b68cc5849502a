import type { Approval } from "../../../shared/model/ask.ts";
import type { ProjectName, TaskId } from "../../../shared/model/ids.ts";
import {
  ACCEPTED_MS,
  asksNothing,
  MODE_TOOL,
  type PermissionMode,
  type UnaskedMode,
} from "../../../shared/model/permission-mode.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Clock } from "../base/clock.ts";
import type { RecordEvent, Store, TaskRecord } from "../store/store.ts";
import { whyUnsandboxed } from "../task/plan-permission-mode.ts";

export interface ModeAcceptance {
  readonly project: ProjectName;
  /** Null: the whole project. */
  readonly task: TaskId | null;
  readonly mode: UnaskedMode;
  /** Undefined: the usual while. */
  readonly acceptedMs: number | undefined;
}

export interface AcceptParts {
  readonly store: Store;
  readonly clock: Clock;
  /** Whether workers' commands run inside the provider's sandbox. */
  readonly isSandboxed: (project: ProjectName) => boolean;
}

/** Inside a transaction. Refused (`wrong-state`) for a mode that holds only in the sandbox, where that is off. */
export function acceptMode(
  { store, clock, isSandboxed }: AcceptParts,
  record: RecordEvent,
  { project, task, mode, acceptedMs = ACCEPTED_MS }: ModeAcceptance,
): Approval {
  const why = whyUnsandboxed(mode, project, isSandboxed(project));
  if (why !== null)
    throw new SwitchyardError("wrong-state", why, "Then accept the mode again, or take `auto`.");
  const until = new Date(clock.now().getTime() + acceptedMs).toISOString();
  store.approvals.insert({ project, task, tool: MODE_TOOL, input: mode, until });
  record("project.mode-accepted", task ?? project, { mode, until });
  const made = findAcceptance(store, project, task, mode);
  if (!made)
    throw new Error(`the acceptance of ${mode} for ${project} was written and is not there`);
  return made;
}

export function findAcceptance(
  store: Store,
  project: ProjectName,
  task: TaskId | null,
  mode: UnaskedMode,
): Approval | undefined {
  return store.approvals
    .list(project)
    .find((each) => each.tool === MODE_TOOL && each.input === mode && each.task === task);
}

/**
 * What follows from naming a task's mode, inside the same transaction: one in which nothing is asked is accepted for this task, and
 * any other ends what was accepted for it. Naming nothing and no time changes nothing.
 */
export function settleTaskMode(
  parts: AcceptParts,
  record: RecordEvent,
  task: Pick<TaskRecord, "id" | "project" | "permissionMode">,
  asked: {
    readonly permissionMode?: PermissionMode | null | undefined;
    readonly acceptedMs?: number | undefined;
  },
): void {
  const { permissionMode: named, acceptedMs } = asked;
  if (named === undefined && acceptedMs === undefined) return;
  const { store } = parts;
  const mode = named === undefined ? task.permissionMode : named;
  for (const each of store.approvals.list(task.project))
    if (each.tool === MODE_TOOL && each.task === task.id && each.input !== mode)
      store.approvals.remove(each.id);
  if (asksNothing(mode))
    acceptMode(parts, record, { project: task.project, task: task.id, mode, acceptedMs });
  else if (acceptedMs !== undefined)
    throw new SwitchyardError(
      "bad-input",
      "Only a mode in which nothing is asked is accepted for a while.",
      "Name the mode too, auto or bypassPermissions, or leave the time out.",
    );
}
