import { z } from "zod";
import { Instant, ProjectName, SessionId, TaskId } from "./ids.ts";

/** What a build slot is taken of when nobody names another. */
export const BUILD_LOCK = "build";
export const COMMAND_SHOWN_MAX = 500;

export const LockName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "a lock is named with small letters, digits and dashes");

/** Who holds a slot of a lock, or waits for one. */
export const LockClaim = z.object({
  /** A check of the merge queue, which goes first, or anything else. */
  rank: z.enum(["check", "command"]),
  command: z.string(),
  session: SessionId.nullable(),
  task: TaskId.nullable(),
  project: ProjectName.nullable(),
  pid: z.number().int().positive().nullable(),
  /** Since when it holds its slot, or waits. */
  since: Instant,
});
export type LockClaim = z.infer<typeof LockClaim>;

/** A lock that somebody holds or waits for. It lives as long as the processes do: none of it is kept. */
export const BuildLock = z.object({
  name: LockName,
  slots: z.number().int().min(1),
  holders: z.array(LockClaim),
  /** In the order in which they come to it. */
  waiting: z.array(LockClaim),
});
export type BuildLock = z.infer<typeof BuildLock>;

/** Whose command it is, for a person: `t-7`, `the merge queue`. */
export function ownerOf({ rank, task, session, pid }: LockClaim): string {
  if (rank === "check") return "the merge queue";
  return task ?? session ?? (pid === null ? "Switchyard" : `process ${pid}`);
}

/** `a build slot`, `a slot of db`. */
export function slotOf(name: string): string {
  return name === BUILD_LOCK ? "a build slot" : `a slot of ${name}`;
}

/** What a session waits for, e.g. `waits for a build slot, 2nd of 3`; null when it waits for none. */
export function describeSlotWait(locks: readonly BuildLock[], session: string): string | null {
  for (const { name, waiting } of locks) {
    const at = waiting.findIndex((claim) => claim.session === session);
    if (at >= 0) return `waits for ${slotOf(name)}, ${ordinal(at + 1)} of ${waiting.length}`;
  }
  return null;
}

export function ordinal(place: number): string {
  const teen = place % 100 > 10 && place % 100 < 14;
  const ending = teen ? "th" : (["th", "st", "nd", "rd"][place % 10] ?? "th");
  return `${place}${ending}`;
}
