import { z } from "zod";
import { Instant, ProjectName, SessionId, TaskId } from "./ids.ts";

/** What a build slot is taken of when nobody names another. */
export const BUILD_LOCK = "build";
/** Of a command's text; what is longer is cut. */
export const COMMAND_MAX = 500;
/** The variable that tells a command in which slot it runs; it marks all that the command starts. */
export const TICKET_VARIABLE = "SWITCHYARD_LOCK_TICKET";

export const LockName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "a lock is named with small letters, digits and dashes");

/** Who holds a slot of a lock, or waits for one. */
export const LockClaim = z.object({
  /** A check of the merge queue, which goes first, or anything else. */
  rank: z.enum(["check", "command"]),
  command: z.string().max(COMMAND_MAX),
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

/** A process that runs a command in a slot, or waits to. */
export const LockRequest = LockClaim.omit({ rank: true, pid: true, since: true }).extend({
  /** Made up by the process, so that it is known again after a core has died. */
  ticket: z.uuid(),
  lock: LockName,
  process: z.object({
    pid: z.number().int().positive(),
    /** When it was started, in the system's own ticks; null where that is not told. */
    startTicks: z.string().max(40).nullable(),
    bootId: z.string().max(100).nullable(),
  }),
});
export type LockRequest = z.infer<typeof LockRequest>;

/** Whose command it is, for a person: `t-7`, `the merge queue`. */
export function ownerOf({ rank, task, session, pid }: LockClaim): string {
  if (rank === "check") return "the merge queue";
  return task ?? session ?? (pid === null ? "Switchyard" : `process ${pid}`);
}

/** `a build slot`, `a slot of db`. */
export function slotOf(name: string): string {
  return name === BUILD_LOCK ? "a build slot" : `a slot of ${name}`;
}

/** What somebody waits for who comes last, e.g. `a build slot: t-7 runs npm run build, and 2 wait before this`. */
export function describeQueue({ name, holders, waiting }: BuildLock): string {
  const shown = holders.slice(0, 3).map((claim) => `${ownerOf(claim)} runs ${claim.command}`);
  const more = holders.length > shown.length ? [`${holders.length - shown.length} more run`] : [];
  const ahead = Math.max(0, waiting.length - 1);
  const before = ahead === 0 ? [] : [`${ahead} ${ahead === 1 ? "waits" : "wait"} before this`];
  const all = [...shown, ...more, ...before];
  return `${slotOf(name)}: ${all.join(", ") || "nobody holds it"}`;
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
