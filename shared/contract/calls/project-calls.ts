import { z } from "zod";
import { Approval } from "../../model/ask.ts";
import { Check } from "../../model/check.ts";
import { HoursWeek } from "../../model/hours.ts";
import { ProjectName } from "../../model/ids.ts";
import { ProjectMove } from "../../model/moved-places.ts";
import { AcceptedMs, UnaskedMode } from "../../model/permission-mode.ts";
import { ApprovePolicy, LandPolicy, Project, Strategy } from "../../model/project.ts";
import type { Contract } from "../rpc.ts";
import { None, projectRef } from "./shapes.ts";

const Changes = z.object({
  files: z.array(z.string()),
  count: z.number().int(),
  settled: z.enum(["carry", "leave"]).nullable(),
});

const projectSettings = {
  target: z.string().min(1).max(250).optional(),
  checks: z.array(Check).max(20).optional(),
  withoutChecks: z.boolean().optional(),
  land: LandPolicy.optional(),
  approve: ApprovePolicy.optional(),
  strategy: Strategy.optional(),
  maxWorkers: z.number().int().min(1).max(100).optional(),
};

/** Projects: repositories that work is done in. */
export const projectCalls = {
  "project.add": {
    in: z.strictObject({
      path: z.string().min(1).max(4096),
      name: ProjectName.optional(),
      ...projectSettings,
    }),
    out: Project,
  },
  "project.list": { in: None, out: z.array(Project) },
  "project.hours": { in: z.strictObject({ project: projectRef }), out: HoursWeek },
  "project.show": { in: z.strictObject({ project: projectRef }), out: Project },
  "project.set": {
    in: z.strictObject({ project: projectRef, ...projectSettings }),
    out: Project,
  },
  /** Lets workers of this project run in a mode in which they ask nothing, or no longer. It is an approval, which ends. */
  "project.accept-mode": {
    in: z.strictObject({
      project: projectRef,
      mode: UnaskedMode,
      isAccepted: z.boolean(),
      acceptedMs: AcceptedMs.optional(),
    }),
    out: z.object({ approval: Approval.nullable() }),
  },
  /**
   * Files of the person's own checkout that are changed and not committed, which no new worktree has and nobody has chosen for.
   * `settled` is the choice that is in force for those that are there.
   */
  "project.changes": {
    in: z.strictObject({ project: projectRef }),
    out: Changes,
  },
  /** `carry`: new worktrees get them as uncommitted changes; `leave`: they do not, and nobody is asked again about these. */
  "project.settle-changes": {
    in: z.strictObject({
      project: projectRef,
      choice: z.enum(["commit", "stash", "carry", "leave"]),
      message: z.string().min(1).max(5_000).optional(),
    }),
    out: Changes,
  },
  /** Points a project to where its repository was moved, and its worktrees with it. Another repository, or a copy, is refused. */
  "project.move": {
    in: z.strictObject({
      project: projectRef,
      path: z.string().min(1).max(4096),
      isPreview: z.boolean(),
    }),
    out: ProjectMove,
  },
  "project.remove": { in: z.strictObject({ project: projectRef }), out: None },
} as const satisfies Contract["calls"];
