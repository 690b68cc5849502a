import path from "node:path";
import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Handlers } from "../../../shared/contract/rpc.ts";
import type { BranchChange } from "../../../shared/model/branch-change.ts";
import type { TaskId } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import type { Removal } from "../../../shared/model/removal.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Task } from "../../../shared/model/task.ts";
import type { Store } from "../store/store.ts";
import type { MovedPlaces } from "../worker/moved-places.ts";
import type { Changes, Settling } from "../worker/person-checkout.ts";
import { findProject } from "./find-project.ts";

export interface WorktreeParts {
  readonly store: Store;
  /** What is changed in the person's checkout and not committed. */
  readonly readChanges: (project: Project) => Promise<Changes>;
  readonly settleChanges: (project: Project, settling: Settling) => Promise<Changes>;
  readonly movedPlaces: Pick<MovedPlaces, "moveProject" | "repairWorktree">;
  /** What is committed on a branch beyond the target; null where it is gone. */
  readonly readChange: (project: Project, branch: string) => Promise<BranchChange | null>;
  readonly removeWorktree: (task: TaskId, isSure: boolean) => Promise<Removal>;
  readonly restoreWorktree: (task: TaskId) => Promise<Task>;
}

type WorktreeCalls =
  | "project.move"
  | "task.repair-worktree"
  | "project.changes"
  | "project.settle-changes"
  | "task.change"
  | "task.handoffs"
  | "task.remove-worktree"
  | "task.restore-worktree"
  | "task.removals";

export function handleWorktrees(parts: WorktreeParts): Pick<Handlers<AppContract>, WorktreeCalls> {
  const { store } = parts;
  return {
    "project.move": ({ project, path: place, isPreview }) =>
      parts.movedPlaces.moveProject(findProject(store, project), path.resolve(place), isPreview),
    "task.repair-worktree": ({ task: id, at, isPreview }) => {
      const task = store.tasks.find(id);
      if (!task)
        throw new SwitchyardError(
          "not-found",
          `There is no task ${id}.`,
          "See: switchyard task list",
        );
      const place = at === undefined ? null : path.resolve(at);
      return parts.movedPlaces.repairWorktree(task, place, isPreview);
    },
    "project.changes": ({ project }) => parts.readChanges(findProject(store, project)),
    "project.settle-changes": ({ project, ...settling }) =>
      parts.settleChanges(findProject(store, project), settling),
    "task.change": ({ task: id }) => {
      const task = store.tasks.find(id);
      if (!task) throw new SwitchyardError("not-found", `There is no task ${id}.`);
      if (task.branch === null) return null;
      return parts.readChange(findProject(store, task.project), task.branch);
    },
    "task.handoffs": ({ task }) => [...store.handoffs.list(task)],
    "task.remove-worktree": ({ task, isSure = false }) => parts.removeWorktree(task, isSure),
    "task.restore-worktree": ({ task }) => parts.restoreWorktree(task),
    "task.removals": ({ project }) => [
      ...store.removals.list(
        project === undefined ? {} : { project: findProject(store, project).name },
      ),
    ],
  };
}
