import { z } from "zod";
import { Instant, Oid } from "./ids.ts";

/**
 * `away`: the remote cannot be reached; `sign-in`: it wants one that git could not give by itself; `rejected`: it has what is not
 * here; `refused`: it does not take the branch, by a rule of its own; `set-up`: what is set here cannot be pushed to.
 */
export const PushProblemKind = z.enum(["away", "sign-in", "rejected", "refused", "set-up"]);
export type PushProblemKind = z.infer<typeof PushProblemKind>;

/** Why what landed is not on the remote. */
const PushProblem = z.object({
  kind: PushProblemKind,
  text: z.string(),
  /** The way out. */
  hint: z.string(),
  /** The landing that was to be pushed. */
  commit: Oid,
  since: Instant,
  tries: z.number().int().min(1),
  /** When it is tried again by itself; null: at once. */
  nextAt: Instant.nullable(),
});
export type PushProblem = z.infer<typeof PushProblem>;

/** How far the landings of a project are pushed to a remote. */
export const PushState = z.object({
  remote: z.string(),
  /** Short name of the branch, here and there. */
  target: z.string(),
  /** The newest landing that is there. What had landed by `until` is there with it. */
  pushed: z.object({ commit: Oid, until: Instant, at: Instant }).nullable(),
  /** A push that has begun: after a crash git knows how far it came. */
  underWay: z.object({ commit: Oid, at: Instant }).nullable(),
  problem: PushProblem.nullable(),
});
export type PushState = z.infer<typeof PushState>;

/** A person has to do something before it goes on. */
export function needsPerson({ kind }: Pick<PushProblem, "kind">): boolean {
  return kind !== "away";
}

/** Whether work that left the queue at `since` by landing is on the remote. */
export function isPushed(push: PushState | null | undefined, since: Instant): boolean {
  return push?.pushed != null && since <= push.pushed.until;
}
