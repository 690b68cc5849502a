import type { Instant } from "../../../../shared/model/ids.ts";
import type { PullProblem, PullRequest } from "../../../../shared/model/pull-request.ts";
import type { EntryState } from "../../../../shared/model/queue-entry.ts";
import { nextTry } from "../plan-push.ts";

export type ProposalPlan =
  /** Push its branch, and open the pull request where there is none. */
  | { readonly kind: "propose" }
  /** Ask what became of it. */
  | { readonly kind: "ask" }
  /** The project proposes nothing there any more: find out whether it was opened, and open nothing. */
  | { readonly kind: "look" }
  /** The project proposes nothing there any more, and nothing was opened. */
  | { readonly kind: "withdraw" }
  | { readonly kind: "rest" };

const FIRST_ASK_MS = 30_000;
/** A person who merges it in a browser does not wait longer than this for what comes after it. */
const SLOWEST_ASK_MS = 5 * 60_000;
/** Longer than anything is ever put off. */
const LONGEST_MS = 15 * 60_000;

/** What is next for an entry that is open and was proposed. `to`: where the project proposes to now; null: nowhere. */
export function planProposal(
  { state, pull }: { readonly state: EntryState; readonly pull: PullRequest },
  to: Pick<PullRequest, "remote" | "target"> | null,
  nowMs: number,
): ProposalPlan {
  if (state === "landing" || pull.merged !== null) return { kind: "rest" };
  const { number, pushed, openedAfter, problem, askAt } = pull;
  const isDone = number !== null && pushed !== null;
  if (!isDone && state !== "proposed") {
    // What was opened before it was taken back can be merged all the same.
    return number !== null && isDue(problem?.nextAt ?? askAt, nowMs)
      ? { kind: "ask" }
      : { kind: "rest" };
  }
  const isElsewhere = to?.remote !== pull.remote || to.target !== pull.target;
  const isLost = isElsewhere && number === null;
  if (isLost && openedAfter === null) return { kind: "withdraw" };
  if (!isDue(problem ? problem.nextAt : askAt, nowMs)) return { kind: "rest" };
  // Of one that was opened new work goes to where it is, and nowhere else.
  if (isDone) return { kind: "ask" };
  return { kind: isLost ? "look" : "propose" };
}

/** When it is asked after again: soon at first, then ever more rarely. */
export function nextAsk(asks: number, nowMs: number): Instant {
  const waitMs = Math.min(FIRST_ASK_MS * 2 ** Math.min(asks, 10), SLOWEST_ASK_MS);
  return new Date(nowMs + waitMs).toISOString();
}

/**
 * What is told of a failure, after what was told before: the same one goes on since it began. What was answered of one that is opened is
 * asked after as often as ever: a person may have mended it there.
 */
export function nextProblem(
  { number, pushed, problem: before }: PullRequest,
  failure: Pick<PullProblem, "text" | "hint"> & { readonly why: PullProblem["kind"] },
  nowMs: number,
): PullProblem {
  const { why: kind, text, hint } = failure;
  const isSame = before?.kind === kind && before.text === text;
  const tries = before?.kind === kind ? before.tries + 1 : 1;
  const since = isSame ? before.since : new Date(nowMs).toISOString();
  const isAnswered = kind === "refused" && number !== null && pushed !== null;
  const nextAt = isAnswered ? nextAsk(tries, nowMs) : nextTry(kind, tries, nowMs);
  return { kind, text, hint, since, tries, nextAt };
}

/** A clock that was set back must not put it off for longer than it ever waits. */
function isDue(at: Instant | null, nowMs: number): boolean {
  if (at === null) return true;
  const waitMs = Date.parse(at) - nowMs;
  return waitMs <= 0 || waitMs > LONGEST_MS;
}

/** A pull request as the remote lists it. */
export interface ListedPull {
  readonly number: number;
  readonly url: string;
  readonly state: "OPEN" | "MERGED" | "CLOSED";
  /** The commit at its head. */
  readonly head: string;
  /** Its branch is another repository's, of the same name. */
  readonly isForeign: boolean;
}

/**
 * Which of those of the branch is the entry's: one that is open, one that was merged with this very work, or one that was opened after the
 * entry began to open its own. Null: none is, and it opens one.
 */
export function choosePull(
  listed: readonly ListedPull[],
  { pushed, openedAfter }: { readonly pushed: string; readonly openedAfter: number | null },
): ListedPull | null {
  const own = listed.filter(({ isForeign }) => !isForeign);
  return (
    own.find(({ state }) => state === "OPEN") ??
    own.find(({ number }) => openedAfter !== null && number > openedAfter) ??
    own.find(({ state, head }) => state === "MERGED" && head === pushed) ??
    null
  );
}
