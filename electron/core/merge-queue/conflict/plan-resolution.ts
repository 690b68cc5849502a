import { RESOLVER_TRIES_MAX } from "../../../../shared/model/resolution.ts";

/** A conflict with the target that nothing settled, and what was tried with it. */
export interface ConflictSituation {
  /** The project lets a worker of its own resolve what comes back again and again. */
  readonly isResolverOn: boolean;
  /** The conversation in which the work was written can go on. */
  readonly hasWorker: boolean;
  /** How often work of this task came back because of a conflict. */
  readonly returns: number;
  /** The resolvers that this entry has had, in order. */
  readonly tries: readonly ("at-work" | "over")[];
}

export type ConflictStep =
  /** To the worker that wrote it. */
  | { readonly kind: "return" }
  | { readonly kind: "wait" }
  | { readonly kind: "start-resolver"; readonly number: number }
  | { readonly kind: "ask-person" };

/** Twice in its own hands: who had to merge the same work a third time is not getting closer. */
const RETURNS_BEFORE_RESOLVER = 2;

/**
 * Who is next to resolve a conflict. The worker that wrote the branch is first: its conversation holds why every line is there, and nothing
 * has to be explained to it. A resolver knows only what it is told, and is for work of which nobody remembers more.
 */
export function planResolution(situation: ConflictSituation): ConflictStep {
  const { isResolverOn, hasWorker, returns, tries } = situation;
  if (tries.at(-1) === "at-work") return { kind: "wait" };
  if (tries.length >= RESOLVER_TRIES_MAX) return { kind: "ask-person" };
  if (!isResolverOn) return tries.length === 0 ? { kind: "return" } : { kind: "ask-person" };
  if (tries.length === 0 && hasWorker && returns < RETURNS_BEFORE_RESOLVER) {
    return { kind: "return" };
  }
  return { kind: "start-resolver", number: tries.length + 1 };
}
