import type { Rung, Session } from "../../../shared/model/session.ts";

/** How long a task rests after its first, second … abnormal end in a row (as systemd and pm2 do, stretched for a model's start). */
const BACK_OFF_MS: readonly number[] = [2_000, 8_000, 30_000];
/** So that what broke together does not come back together. */
const SPREAD = 0.2;
/** A provider that cannot be reached is tried again after half a minute, then ever more rarely. */
const NETWORK_FIRST_MS = 30_000;
const NETWORK_LONGEST_MS = 5 * 60_000;
/** Who lived this long did not crash at its start: what broke it is not what broke the ones before. */
const HEALTHY_MS = 60_000;

/** `random`: 0 to 1. */
export function backOffMs(failures: number, random: number): number {
  if (failures <= 0) return 0;
  const ms = BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length) - 1] ?? 0;
  return Math.round(ms * (1 - SPREAD + 2 * SPREAD * random));
}

/** The wait before try number `tries + 1`, when `tries` of them have failed in a row. */
export function networkWaitMs(tries: number): number {
  return Math.min(NETWORK_FIRST_MS * 2 ** Math.max(0, tries), NETWORK_LONGEST_MS);
}

/** What is known of a session that a task had. */
export type PastSession = Pick<
  Session,
  | "id"
  | "kind"
  | "state"
  | "reason"
  | "exit"
  | "evidence"
  | "providerSession"
  | "profile"
  | "startedAt"
  | "endedAt"
> &
  Partial<Pick<Session, "movedFrom">> & { readonly isResumed: boolean };

/** Whether it took up its work and stayed with it for a minute, so that earlier crashes no longer count. */
export function wasHealthy(session: PastSession): boolean {
  if (!hasBegun(session) || session.endedAt === null) return false;
  return Date.parse(session.endedAt) - Date.parse(session.startedAt) >= HEALTHY_MS;
}

/**
 * The newest of a task's sessions, oldest first, whose conversation can go on: something was said in it, and no session that was
 * to continue it left without a word, because then the provider knows it no more or cannot read it.
 */
export function lastConversation<S extends PastSession>(past: readonly S[]): S | undefined {
  const workers = past.filter((each) => each.kind === "worker" && !isOnlyTried(each));
  const unusable = new Set(workers.filter(isFailedResume).map((each) => each.providerSession));
  const newest = workers.findLast((each) => hasBegun(each) || isFailedResume(each));
  return newest && !unusable.has(newest.providerSession) ? newest : undefined;
}

/** Its profile never answered in a conversation that came from another one: that has gone back, or is about to. */
function isOnlyTried({ movedFrom }: PastSession): boolean {
  return movedFrom?.step === "trying" || movedFrom?.step === "undone";
}

/** How the reason of a session begins that was ended because its provider takes its conversation no more. */
export const UNUSABLE = "its conversation cannot be continued: ";

/** Continued a conversation, and its program left before it took up the first message, or had its first turn refused. */
export function isFailedResume(session: PastSession): boolean {
  if (session.reason?.startsWith(UNUSABLE)) return true;
  return (
    session.isResumed && session.state === "failed" && session.exit !== null && !hasBegun(session)
  );
}

/** The rung that the next session of a task stands on; null when the one before it did not break. */
export function planRung(
  past: readonly PastSession[],
  isResumed: boolean,
): { readonly rung: Rung; readonly reason: string } | null {
  const before = past.findLast((each) => each.kind === "worker" && !isOnlyTried(each));
  if (!before || (before.state !== "failed" && !isFailedResume(before))) return null;
  const why = before.reason ?? "nobody saw how";
  if (isResumed) return { rung: "resumed", reason: `${before.id} broke off: ${why}` };
  const reason = isFailedResume(before)
    ? `the conversation of ${before.id} could not be continued: ${why}`
    : `${before.id} broke off: ${why}`;
  return { rung: "re-dispatched", reason };
}

/** After so many tasks in a row that were given up, and no work that came home between them, it is the profile that is broken. */
export const GIVEN_UP_MAX = 3;

/** How many of a profile's newest sessions in a row were the last try of a task that was then given up. Oldest first. */
export function countGivenUp(past: readonly (PastSession & Pick<Session, "recovery">)[]): number {
  let count = 0;
  for (const session of past.toReversed()) {
    if (session.kind !== "worker") continue;
    if (session.recovery?.rung === "needs-you") count += 1;
    else if (session.state !== "failed" && hasBegun(session)) return count;
  }
  return count;
}

/** It took up its work: only then is there a conversation to continue. */
export function hasBegun({ evidence }: Pick<Session, "evidence">): boolean {
  return evidence.some(
    ({ signal }) =>
      signal.startsWith("hook:") && signal !== "hook:SessionStart" && signal !== "hook:SessionEnd",
  );
}
