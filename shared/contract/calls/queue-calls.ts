import { z } from "zod";
import { ChangeSummary } from "../../model/change-summary.ts";
import { CheckResult } from "../../model/check.ts";
import { ConflictView, FileChoices } from "../../model/conflict-view.ts";
import { FlakyTests } from "../../model/flaky-test.ts";
import { Forecast } from "../../model/forecast.ts";
import { EntryId, Instant, Oid } from "../../model/ids.ts";
import { COMMENTS_MAX, LineComment } from "../../model/line-comment.ts";
import { Project } from "../../model/project.ts";
import { QueueEntry } from "../../model/queue-entry.ts";
import { Rebuilt } from "../../model/rebuilt.ts";
import { RevertPlan, UndoPlan } from "../../model/take-back.ts";
import type { Contract } from "../rpc.ts";
import { projectRef } from "./shapes.ts";

/** The merge queue of each project. */
export const queueCalls = {
  "queue.list": {
    in: z.strictObject({ project: projectRef.optional(), isWithClosed: z.boolean().optional() }),
    out: z.array(QueueEntry),
  },
  /** What was last found out of branches that are worked on and queued; `forecast` tells windows of every change. */
  "queue.forecast": { in: z.strictObject({ project: projectRef }), out: Forecast },
  "queue.show": { in: z.strictObject({ entry: EntryId }), out: QueueEntry },
  "queue.diff": {
    in: z.strictObject({ entry: EntryId }),
    out: z.object({ from: Oid, to: Oid, patch: z.string(), isCut: z.boolean() }),
  },
  /** What its commits say and change, in short. */
  "queue.change": { in: z.strictObject({ entry: EntryId }), out: ChangeSummary },
  /** Output of the check that runs now, or ran last, from a byte offset on. */
  "queue.log": {
    in: z.strictObject({ entry: EntryId, from: z.number().int().nonnegative() }),
    out: z.object({ text: z.string(), end: z.number().int(), results: z.array(CheckResult) }),
  },
  "queue.approve": { in: z.strictObject({ entry: EntryId }), out: QueueEntry },
  "queue.return": {
    in: z
      .strictObject({
        entry: EntryId,
        note: z.string().max(20_000),
        comments: z.array(LineComment).max(COMMENTS_MAX).optional(),
      })
      .refine(
        ({ note, comments }) => note.trim() !== "" || (comments?.length ?? 0) > 0,
        "say what has to change: a note, or a comment on a line",
      ),
    out: QueueEntry,
  },
  "queue.hold": { in: z.strictObject({ entry: EntryId }), out: QueueEntry },
  "queue.release": { in: z.strictObject({ entry: EntryId }), out: QueueEntry },
  /** Prepares and checks an open one again; one that was returned or removed is queued again, as the entry that it gives. */
  "queue.retry": { in: z.strictObject({ entry: EntryId }), out: QueueEntry },
  "queue.remove": { in: z.strictObject({ entry: EntryId }), out: QueueEntry },
  "queue.move": {
    in: z.strictObject({ entry: EntryId, position: z.number().int().min(1) }),
    out: QueueEntry,
  },
  /**
   * A worktree in which its conflict with the target is to be resolved by hand: `open` makes it, or finds it as it was left; `take` lets
   * the entry go on with what was made there; `give-up` takes it away with that.
   */
  "queue.resolve": {
    in: z.strictObject({ entry: EntryId, act: z.enum(["open", "take", "give-up"]) }),
    out: z.object({
      entry: QueueEntry,
      /** Null once it is gone. */
      folder: z.string().nullable(),
      /** Those in conflict when it was opened. */
      files: z.array(z.string()),
    }),
  },
  /** Its conflict with the target, place by place, with what was chosen before. */
  "queue.conflict": { in: z.strictObject({ entry: EntryId }), out: ConflictView },
  /** Keeps what was chosen so far. */
  "queue.draft-resolution": {
    in: z.strictObject({ entry: EntryId, draft: z.array(FileChoices).max(1_000) }),
    out: z.null(),
  },
  /** Lets the entry go on with what was chosen at every place; `base` is the target's commit that was looked at. */
  "queue.use-resolution": {
    in: z.strictObject({ entry: EntryId, base: Oid, draft: z.array(FileChoices).max(1_000) }),
    out: QueueEntry,
  },
  /** What a revert would take back, and what came after it. */
  "queue.revert-plan": { in: z.strictObject({ entry: EntryId }), out: RevertPlan },
  /** Puts the revert of a landed entry into the queue. `isAnyway`: although later work may build on it. */
  "queue.revert": {
    in: z.strictObject({ entry: EntryId, isAnyway: z.boolean().optional() }),
    out: QueueEntry,
  },
  /** What undoing the last landing would take off the target. */
  "queue.undo-plan": { in: z.strictObject({ project: projectRef }), out: UndoPlan },
  /** Gives the entries whose landing was undone. `isAnyway`: although open work began on top of it. */
  "queue.undo": {
    in: z.strictObject({ project: projectRef, isAnyway: z.boolean().optional() }),
    out: z.array(QueueEntry),
  },
  /** Tests that flipped of late, and those of them that keep no work back. */
  "queue.tests": { in: z.strictObject({ project: projectRef }), out: FlakyTests },
  /** Ends the quarantine of a test. */
  "queue.release-test": {
    in: z.strictObject({ project: projectRef, test: z.string().min(1).max(1_000) }),
    out: FlakyTests,
  },
  /** Lets a check, by its name or command, pass without tests until its next run counts them anew. */
  "queue.forget-tests": {
    in: z.strictObject({ project: projectRef, check: z.string().min(1).max(4_096) }),
    out: FlakyTests,
  },
  /** For a person whose store is lost: takes over what landed on the target, and what waited to. */
  "queue.rebuild": { in: z.strictObject({ project: projectRef }), out: Rebuilt },
  /** Pushes now what has landed and is not on the remote; the project says what came of it. */
  "queue.push": { in: z.strictObject({ project: projectRef }), out: Project },
  /** Nothing but hot fixes lands until then, or until `queue.unfreeze`. */
  "queue.freeze": {
    in: z.strictObject({ project: projectRef, until: Instant.nullable() }),
    out: Project,
  },
  "queue.unfreeze": { in: z.strictObject({ project: projectRef }), out: Project },
  /** Puts an entry before all others, or back into its place. */
  "queue.hotfix": { in: z.strictObject({ entry: EntryId, isOn: z.boolean() }), out: QueueEntry },
  "queue.pause": { in: z.strictObject({ project: projectRef }), out: Project },
  "queue.resume": { in: z.strictObject({ project: projectRef }), out: Project },
} as const satisfies Contract["calls"];
