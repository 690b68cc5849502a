import { z } from "zod";
import { Check } from "./check.ts";
import { Frozen, HandFreeze } from "./freeze.ts";
import { ProjectName } from "./ids.ts";
import { ParallelChecks } from "./parallel-checks.ts";
import { PushState } from "./push-state.ts";

export const LandPolicy = z.enum(["merge", "squash", "rebase"]);
export type LandPolicy = z.infer<typeof LandPolicy>;

export const ApprovePolicy = z.enum(["auto", "human"]);
export type ApprovePolicy = z.infer<typeof ApprovePolicy>;

/** How a profile is chosen among those that have room; pools and pins say before that which may be chosen at all. */
export const Strategy = z.enum(["fill", "round-robin", "least-loaded", "weighted"]);
export type Strategy = z.infer<typeof Strategy>;
/** The best of them in the simulation of docs/placement.md. */
export const DEFAULT_STRATEGY: Strategy = "least-loaded";

/** A git repository that Switchyard works on, with its target branch. */
export const Project = z.object({
  name: ProjectName,
  /** Absolute path of the main checkout, symlinks resolved. */
  path: z.string(),
  /** Short name of the branch that work lands on. */
  target: z.string(),
  checks: z.array(Check),
  /** No checks is an explicit choice of the person's, never a silent pass. */
  withoutChecks: z.boolean(),
  land: LandPolicy,
  approve: ApprovePolicy,
  strategy: Strategy,
  maxWorkers: z.number().int().min(1),
  queue: z.object({
    state: z.enum(["running", "paused"]),
    reason: z.string().nullable(),
    /** How far its landings are pushed; absent or null where they are pushed nowhere, or nothing has been yet. */
    push: PushState.nullable().optional(),
    /** Name of the remote at which work is proposed instead of landed; absent or null where it lands here. */
    proposesTo: z.string().nullable().optional(),
    /** What a person froze by hand, also when it is over. */
    freeze: HandFreeze.nullable().optional(),
    /** In force now, by hand or by the settings; absent or null where nothing is frozen. */
    frozen: Frozen.nullable().optional(),
    /** Absent or null where a person's number says it, or there is nothing to measure. */
    parallel: ParallelChecks.nullable().optional(),
  }),
});
export type Project = z.infer<typeof Project>;

/** `by merge`, or `as a pull request on origin`: what becomes of work that has passed. */
export function describeLanding({ land, queue }: Pick<Project, "land" | "queue">): string {
  const { proposesTo } = queue;
  return proposesTo == null ? `by ${land}` : `as a pull request on ${proposesTo}`;
}
