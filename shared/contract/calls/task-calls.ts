import { z } from "zod";
import { BranchChange } from "../../model/branch-change.ts";
import { Check } from "../../model/check.ts";
import { Handoff } from "../../model/handoff.ts";
import { PlanId, ProfileName, TaskId } from "../../model/ids.ts";
import { WorktreeRepair } from "../../model/moved-places.ts";
import { AcceptedMs, PermissionMode } from "../../model/permission-mode.ts";
import { PlacementStep } from "../../model/placement-step.ts";
import { Plan } from "../../model/plan.ts";
import { Removal } from "../../model/removal.ts";
import { Body, Priority, Task, Title } from "../../model/task.ts";
import { TaskWhy } from "../../model/task-why.ts";
import type { Contract } from "../rpc.ts";
import { projectRef } from "./shapes.ts";

const taskFields = {
  body: Body.optional(),
  priority: Priority.optional(),
  after: z.array(TaskId).max(200).optional(),
  labels: z.array(z.string().max(60)).max(20).optional(),
  paths: z.array(z.string().max(500)).max(100).optional(),
  pinnedProfile: ProfileName.nullable().optional(),
  model: z.string().max(100).nullable().optional(),
  /** A mode in which nothing is asked is thereby accepted for this task, for `acceptedMs`. */
  permissionMode: PermissionMode.nullable().optional(),
  acceptedMs: AcceptedMs.optional(),
  acceptance: z.array(Check).max(10).optional(),
};

/** Plans and tasks. */
export const taskCalls = {
  "plan.create": {
    in: z.strictObject({
      project: projectRef,
      title: Title,
      isDraft: z.boolean().optional(),
    }),
    out: Plan,
  },
  "plan.list": { in: z.strictObject({ project: projectRef.optional() }), out: z.array(Plan) },
  "plan.show": {
    in: z.strictObject({ plan: PlanId }),
    out: z.object({ plan: Plan, tasks: z.array(Task) }),
  },
  /** What would happen with its open tasks if it were active now, in the order in which they would start. */
  "plan.placement": { in: z.strictObject({ plan: PlanId }), out: z.array(PlacementStep) },
  "plan.activate": { in: z.strictObject({ plan: PlanId }), out: Plan },
  "plan.pause": { in: z.strictObject({ plan: PlanId }), out: Plan },
  "plan.cancel": { in: z.strictObject({ plan: PlanId }), out: Plan },
  "task.create": {
    in: z.strictObject({
      project: projectRef,
      plan: PlanId.optional(),
      title: Title,
      ...taskFields,
    }),
    out: Task,
  },
  "task.list": {
    in: z.strictObject({ project: projectRef.optional(), plan: PlanId.optional() }),
    out: z.array(Task),
  },
  "task.show": { in: z.strictObject({ task: TaskId }), out: Task },
  "task.edit": {
    in: z.strictObject({ task: TaskId, title: Title.optional(), ...taskFields }),
    out: Task,
  },
  "task.why": { in: z.strictObject({ task: TaskId }), out: TaskWhy },
  "task.retry": {
    in: z.strictObject({ task: TaskId, note: z.string().max(20_000).optional() }),
    out: Task,
  },
  "task.cancel": { in: z.strictObject({ task: TaskId }), out: Task },
  /** What is committed on its branch; null where there is none, or no longer. */
  "task.change": { in: z.strictObject({ task: TaskId }), out: BranchChange.nullable() },
  "task.handoffs": { in: z.strictObject({ task: TaskId }), out: z.array(Handoff) },
  /** Keeps all that is in the task's worktree in git and takes the worktree away; refused while a session lives in it. */
  "task.remove-worktree": {
    in: z.strictObject({ task: TaskId, isSure: z.boolean().optional() }),
    out: Removal,
  },
  /** Puts a removed worktree back as it was, uncommitted files included. */
  "task.restore-worktree": { in: z.strictObject({ task: TaskId }), out: Task },
  /** For a worktree that somebody moved: git and the task know it at its new place. `at`: where, when it is not near by. */
  "task.repair-worktree": {
    in: z.strictObject({
      task: TaskId,
      at: z.string().min(1).max(4096).optional(),
      isPreview: z.boolean(),
    }),
    out: WorktreeRepair,
  },
  "task.removals": {
    in: z.strictObject({ project: projectRef.optional() }),
    out: z.array(Removal),
  },
  /**
   * Reads `- [ ] title` lines as tasks; an indented line below one is its body. Refused (`name-taken`) as a whole when one of
   * them is an open task already, unless `isAgain`.
   */
  "task.import": {
    in: z.strictObject({
      project: projectRef,
      plan: PlanId.optional(),
      text: z.string().max(1_000_000),
      isAgain: z.boolean().optional(),
    }),
    out: z.array(Task),
  },
} as const satisfies Contract["calls"];
