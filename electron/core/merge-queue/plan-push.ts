import type { Instant, Oid } from "../../../shared/model/ids.ts";
import type { PushProblemKind, PushState } from "../../../shared/model/push-state.ts";

export type PushPlan = { readonly kind: "push" } | { readonly kind: "rest" };

/** For what a person has to mend, the remote is asked this rarely whether they have. */
const SLOWEST_MS = 15 * 60_000;
const FIRST_MS = 30_000;

/** Whether the newest landing is to be pushed now. `state` is that of this very remote and target; null before the first push. */
export function planPush(landed: Oid | null, state: PushState | null, nowMs: number): PushPlan {
  if (landed === null || state?.pushed?.commit === landed) return { kind: "rest" };
  const { problem = null } = state ?? {};
  // Another landing is tried at once: it may come long after the trouble.
  if (problem?.commit !== landed || problem.nextAt === null) return { kind: "push" };
  const waitMs = Date.parse(problem.nextAt) - nowMs;
  // A clock that was set back must not put it off for longer than it ever waits.
  return { kind: waitMs > 0 && waitMs <= SLOWEST_MS ? "rest" : "push" };
}

/** When to try again: soon, then ever more rarely, where the remote may come back by itself. */
export function nextTry(kind: PushProblemKind, tries: number, nowMs: number): Instant {
  const waitMs = kind === "away" ? Math.min(FIRST_MS * 2 ** (tries - 1), SLOWEST_MS) : SLOWEST_MS;
  return new Date(nowMs + waitMs).toISOString();
}
