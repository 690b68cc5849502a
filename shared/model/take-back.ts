import { z } from "zod";
import { EntryId, Oid, TaskId } from "./ids.ts";

/** Something that came to the target after a landing and builds on it, as far as can be told. */
export const Dependent = z.object({
  title: z.string(),
  /** Null: its task waited for this one and touches none of the same files. */
  commit: Oid.nullable(),
  /** Null: no landing of ours, but a commit of somebody's. */
  entry: EntryId.nullable(),
  task: TaskId.nullable(),
  /** What both of them touch. */
  files: z.array(z.string()),
});
export type Dependent = z.infer<typeof Dependent>;

/** What reverting a landing would take back, and what came after it. */
export const RevertPlan = z.object({
  entry: EntryId,
  commit: Oid,
  target: z.string(),
  dependents: z.array(Dependent),
  /** Files in which later work changed the same lines: then it cannot be reverted by itself. */
  conflicts: z.array(z.string()),
});
export type RevertPlan = z.infer<typeof RevertPlan>;

/** What undoing the last landing of a project would take off its target. */
export const UndoPlan = z.object({
  entries: z.array(EntryId),
  commit: Oid,
  /** Where the target goes back to. */
  before: Oid,
  target: z.string(),
  /** Branches of open tasks that hold it already, and would bring it back when they land. */
  holders: z.array(z.object({ task: TaskId, branch: z.string() })),
});
export type UndoPlan = z.infer<typeof UndoPlan>;

/** Why an entry has left the queue whose landing was undone. */
export const UNDONE = "its landing was undone";

const REVERT = /^switchyard\/revert-(q-\d+)(?:-\d+)?$/;

/** The branch that takes back what an entry landed. */
export function revertBranch(entry: EntryId): string {
  return `switchyard/revert-${entry}`;
}

/** The entry that a branch takes back; null for any other branch. */
export function revertedBy(branch: string | null): EntryId | null {
  const id = REVERT.exec(branch ?? "")?.[1];
  return id === undefined ? null : EntryId.parse(id);
}
