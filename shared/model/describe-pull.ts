import type { PullRequest } from "./pull-request.ts";
import { isOpen, type QueueEntry } from "./queue-entry.ts";

type Told = Pick<QueueEntry, "state" | "reason" | "pullRequest">;

/** How far the pull request of an entry is, in a line; a second one is the way out where it does not go on. Null: there never was one. */
export function describePull(entry: Told): string | null {
  const { state, pullRequest: pull } = entry;
  if (!pull) return null;
  const { remote, target, number, merged } = pull;
  if (merged !== null)
    return `Merged on ${remote} as pull request #${number}: ${whereIs(pull)}. Your own ${target} stays where it is until you pull.`;
  if (state === "proposed") return describeProposed(pull);
  if (isOpen(state) || state === "returned") return describeLeftPull(entry);
  if (number === null) return null;
  const what =
    state === "landed" ? "The work landed here without it" : "It is not asked after any more";
  return `Pull request #${number} was opened on ${remote}: ${whereIs(pull)}. ${what}.`;
}

function describeProposed(pull: PullRequest): string {
  const { remote, number, underWay, pushed, problem } = pull;
  const isThere = number !== null && pushed !== null;
  if (problem)
    return `${isThere ? nameIt(pull) : "Not proposed yet"}: ${endLine(problem.text)}\n${problem.hint}`;
  if (isThere) return `Pull request #${number} waits on ${remote}: ${whereIs(pull)}`;
  if (underWay === "push") return `Its branch is being pushed to ${remote}.`;
  return `A pull request is being opened on ${remote}.`;
}

/** The state of a proposed entry in a few words: `proposed, #7 on origin`. */
export function nameOfProposed(pull: PullRequest): string {
  const { number, pushed, remote, problem } = pull;
  const isThere = number !== null && pushed !== null;
  if (problem)
    return isThere
      ? `proposed, ${nameIt(pull)}: ${problem.text}`
      : `passed, not yet proposed: ${problem.text}`;
  return number === null ? `proposed, being opened on ${remote}` : `proposed, ${nameIt(pull)}`;
}

/** Opened there, and not known to be merged or closed. */
export function waitsAsPull({ state, pullRequest }: Pick<Told, "state" | "pullRequest">): boolean {
  return state === "proposed" && pullRequest?.number != null;
}

/** `1 waits as a pull request`; null for none. */
export function countPulls(count: number): string | null {
  if (count === 0) return null;
  return count === 1 ? "1 waits as a pull request" : `${count} wait as pull requests`;
}

/** What becomes of one that is open when its entry is taken back or its task cancelled; null where none is. */
export function describeLeftPull({
  reason,
  pullRequest: pull,
}: Pick<Told, "reason" | "pullRequest">): string | null {
  if (!pull || pull.number === null || pull.merged !== null) return null;
  const { number, remote } = pull;
  if (reason?.includes(`pull request #${number} was closed`))
    return `Pull request #${number} was closed on ${remote} without being merged: ${whereIs(pull)}`;
  return `Pull request #${number} stays as it is: ${whereIs(pull)}. New commits that are queued from its branch go into it.`;
}

/** What keeps several entries from going on, once for each cause, with the entries in their order. */
export function groupStuckPulls<Entry extends Pick<QueueEntry, "project" | "pullRequest">>(
  entries: readonly Entry[],
): readonly (readonly [Entry, ...Entry[]])[] {
  const groups = new Map<string, [Entry, ...Entry[]]>();
  for (const entry of entries) {
    const { remote, problem } = entry.pullRequest ?? {};
    const cause = JSON.stringify([entry.project, remote, problem?.kind, problem?.text]);
    const known = groups.get(cause);
    if (known) known.push(entry);
    else groups.set(cause, [entry]);
  }
  return [...groups.values()];
}

/** … and what that is: of one of them how far it is, of several the cause alone. */
export function describeStuckPulls([first, ...others]: readonly [Told, ...Told[]]): string | null {
  const problem = first.pullRequest?.problem;
  return others.length > 0 && problem
    ? `${endLine(problem.text)}\n${problem.hint}`
    : describePull(first);
}

function nameIt({ number, remote }: PullRequest): string {
  return `#${number} on ${remote}`;
}

function whereIs({ url, remote }: PullRequest): string {
  return url ?? remote;
}

/** What programs say often has no stop, and more follows. */
function endLine(text: string): string {
  return /[.!?:;]$/.test(text) ? text : `${text}.`;
}
