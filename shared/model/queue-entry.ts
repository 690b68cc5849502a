import { z } from "zod";
import { CheckResult } from "./check.ts";
import { isBehindHeld } from "./held-by-checkout.ts";
import { EntryId, Instant, Oid, ProjectName, TaskId } from "./ids.ts";
import { PullRequest } from "./pull-request.ts";
import { isBeingResolved } from "./resolution.ts";

export const EntryState = z.enum([
  "queued",
  "preparing",
  "checking",
  "awaiting-approval",
  "proposed",
  "landing",
  "landed",
  "returned",
  "held",
  "removed",
]);
export type EntryState = z.infer<typeof EntryState>;

/** An open entry still has its place in the queue. */
export function isOpen(state: EntryState): boolean {
  return state !== "landed" && state !== "returned" && state !== "removed";
}

/** Why an entry is held that a person held. */
export const HELD_BY_PERSON = "held by a person";

/** Something outside of it is in its way that a person has to mend. */
export function isHeldForPerson(entry: Pick<QueueEntry, "state" | "reason">): boolean {
  if (entry.state !== "held" || entry.reason === HELD_BY_PERSON) return false;
  return !isBeingResolved(entry) && !isBehindHeld(entry);
}

/** The entries that are tested together, in the order of landing, and how many of them, from the first on, are under check now. */
export const EntryBatch = z.object({
  entries: z.array(EntryId),
  testing: z.number().int().positive(),
});
export type EntryBatch = z.infer<typeof EntryBatch>;

/** One branch on its way to the target branch. */
export const QueueEntry = z.object({
  id: EntryId,
  project: ProjectName,
  task: TaskId,
  branch: z.string(),
  /** 1 for the next to land; 0 once it has left the queue. */
  position: z.number().int().nonnegative(),
  state: EntryState,
  reason: z.string().nullable(),
  /** Conflicting files, or files of the person's checkout that are in the way. */
  files: z.array(z.string()),
  /** The worker's commit that was queued; pinned under refs/switchyard/work/. */
  head: Oid,
  base: Oid.nullable(),
  candidate: Oid.nullable(),
  checks: z.array(CheckResult),
  /** Null while it is not under check. */
  batch: EntryBatch.nullable(),
  conflictsWith: z.array(EntryId),
  approvedAt: Instant.nullable(),
  /** Since when it is a hot fix: it goes first, alone, and a freeze does not keep it. Null: it is none. */
  hotfixAt: Instant.nullable(),
  /** Where it is proposed instead of landed; absent or null where it never was. */
  pullRequest: PullRequest.nullable().optional(),
  summary: z.string().nullable(),
  since: Instant,
  enqueuedAt: Instant,
});
export type QueueEntry = z.infer<typeof QueueEntry>;
