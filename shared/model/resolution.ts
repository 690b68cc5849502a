import { EntryId } from "./ids.ts";

/** How many workers try, one after the other, to resolve the conflict of one entry before a person is asked. */
export const RESOLVER_TRIES_MAX = 2;

const RESOLVER = /^switchyard\/resolve-(q-\d+)-(\d+)(?:-\d+)?$/;

/** The branch on which a resolver works, for the `number`th try. */
export function resolverBranch(entry: EntryId, number: number): string {
  return `switchyard/resolve-${entry}-${number}`;
}

/** The entry that a branch is to resolve, and which try it is; null for any other branch. */
export function resolvedBy(
  branch: string | null,
): { readonly entry: EntryId; readonly number: number } | null {
  const [, id, number] = RESOLVER.exec(branch ?? "") ?? [];
  if (id === undefined || number === undefined) return null;
  return { entry: EntryId.parse(id), number: Number(number) };
}

const BEING_RESOLVED = "a resolver works on its conflict with ";
const NEEDS_PERSON = "its conflict needs a person: ";

/** Why an entry is held that a resolver works on; `task` is the resolver's, once it has one. */
export function beingResolved(target: string, task: string | null = null): string {
  return `${BEING_RESOLVED}${target}${task === null ? "" : ` (${task})`}`;
}

/** … that nobody but a person can get any further. */
export function needsResolution(why: string): string {
  return `${NEEDS_PERSON}${why}`;
}

/** Whether it stands at a conflict with the target that a person can resolve. */
export function hasConflict(entry: Held & { readonly files: readonly string[] }): boolean {
  if (isBeingResolved(entry) || isForPersonToResolve(entry)) return true;
  const { state, reason, files } = entry;
  return state === "returned" && files.length > 0 && (reason?.startsWith(CONFLICTS) ?? false);
}

const CONFLICTS = "conflicts with ";

interface Held {
  readonly state: string;
  readonly reason: string | null;
}

export function isBeingResolved({ state, reason }: Held): boolean {
  return state === "held" && (reason?.startsWith(BEING_RESOLVED) ?? false);
}

export function isForPersonToResolve({ state, reason }: Held): boolean {
  return state === "held" && (reason?.startsWith(NEEDS_PERSON) ?? false);
}

/** The reason of an entry that left the queue while what a person made for its conflict is still there. */
export function withLeftover(reason: string | null, entry: EntryId, path: string): string {
  const known = withoutLeftover(reason);
  return `${known === null ? "" : `${known}; `}${LEFTOVER}${path}: to remove it: switchyard queue resolve ${entry} --give-up`;
}

/** … and what the reason is without it. */
export function withoutLeftover(reason: string | null): string | null {
  const at = reason?.indexOf(LEFTOVER) ?? -1;
  if (reason === null || at === -1) return reason;
  return at === 0 ? null : reason.slice(0, at).replace(/; $/, "");
}

const LEFTOVER = "what you made for its conflict is still in ";

/** How a person goes on who resolves a conflict in the worktree made for it. A merge of their own making counts as it is. */
export function howToFinish(entry: EntryId): string {
  return `git add them there, or commit them where you have committed the merge; then: switchyard queue resolve ${entry} --done`;
}
