import { isHeldByCheckout } from "../../../shared/model/held-by-checkout.ts";
import type { Oid } from "../../../shared/model/ids.ts";
import { freshPull, type PullRequest } from "../../../shared/model/pull-request.ts";
import {
  type EntryBatch,
  type EntryState,
  HELD_BY_PERSON,
  isOpen,
} from "../../../shared/model/queue-entry.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";

export interface EntryLife {
  readonly state: EntryState;
  readonly reason: string | null;
  readonly files: readonly string[];
  readonly base: Oid | null;
  readonly candidate: Oid | null;
  /** The candidate's tree: what the verdict is about. */
  readonly tree: Oid | null;
  readonly isApproved: boolean;
  /** It goes before all others, alone, also while nothing else may land. */
  readonly isHotfix: boolean;
  /** With which it is under check. */
  readonly batch: EntryBatch | null;
  readonly pullRequest: PullRequest | null;
}

export type EntryEvent =
  /** Its turn has come, or what it was built on is no longer to land before it. */
  | { readonly kind: "taken" }
  | { readonly kind: "built"; readonly base: Oid; readonly candidate: Oid; readonly tree: Oid }
  /** The target has all of its work already. */
  | { readonly kind: "contained"; readonly base: Oid }
  /** The target's history tells that it landed, and the store had forgotten it; or its pull request was merged. */
  | {
      readonly kind: "found";
      readonly base: Oid;
      readonly candidate: Oid;
      readonly tree: Oid;
    }
  /** How far the checks of its batch are. */
  | {
      readonly kind: "noted";
      readonly reason: string | null;
      readonly batch: EntryBatch | null;
    }
  /** A green verdict covers exactly this tree and all that lands with it; the rest is what the project says at this moment. */
  | {
      readonly kind: "passed";
      readonly tree: Oid;
      /** Why it does not land all the same; null where it may. */
      readonly waits: string | null;
      readonly needsApproval: boolean;
      /** Where it is proposed instead of landed. */
      readonly proposal?: Pick<PullRequest, "remote" | "target"> | null;
    }
  /** It is not to be proposed any more, or not as it is, and no pull request of it is open. */
  | { readonly kind: "withdrawn"; readonly reason: string | null }
  /** Its pull request was closed without being merged. */
  | { readonly kind: "declined"; readonly reason: string; readonly handback: string }
  /** Its work has to change: a conflict, a red check. */
  | {
      readonly kind: "failed";
      readonly reason: string;
      readonly files: readonly string[];
      readonly handback: string;
    }
  /** It cannot go on, and its work is not to blame. `base`: what it is to be compared with until it can. */
  | {
      readonly kind: "hindered";
      readonly reason: string;
      readonly files: readonly string[];
      readonly base?: Oid;
    }
  /** It waits in its place: for the whole queue, or for what has to go before it. */
  | { readonly kind: "put-back"; readonly reason: string | null }
  | { readonly kind: "moved" }
  /** Its landing was not made. */
  | { readonly kind: "came-back"; readonly reason: string | null }
  /** What held it is gone. */
  | { readonly kind: "cleared" }
  /** The checkout that held it is out of the way: it is as it was tested. */
  | { readonly kind: "let-through" }
  /** It is held for another reason now. */
  | { readonly kind: "explained"; readonly reason: string }
  /** Why it waits in its place. */
  | { readonly kind: "waiting"; readonly reason: string }
  /** A core has died while it worked on it. */
  | { readonly kind: "restarted" }
  | { readonly kind: "approve-asked" }
  | { readonly kind: "hotfix-asked"; readonly isOn: boolean }
  | { readonly kind: "return-asked"; readonly reason: string; readonly handback: string }
  | { readonly kind: "hold-asked" }
  | { readonly kind: "release-asked" }
  | { readonly kind: "retry-asked" }
  | { readonly kind: "remove-asked"; readonly reason: string | null };

export type EntryEffect =
  | { readonly kind: "stop-work" }
  | { readonly kind: "tell-landed"; readonly commit: Oid }
  | { readonly kind: "tell-returned"; readonly handback: string }
  /** A person has to say what becomes of it: another person did not want it. */
  | { readonly kind: "tell-declined"; readonly handback: string };

export interface EntryStep {
  readonly state: EntryLife;
  readonly effects: readonly EntryEffect[];
}

/**
 * One entry's way to the target. An event that no longer fits the state changes nothing and returns the state itself.
 *
 * Invariant: it begins to land, or is proposed, only when the very tree of the candidate is covered by a green verdict, nothing says that it waits and
 * the entry is approved where that is wanted. Landed, returned and removed are final; what is landing can only land or come back.
 */
export function stepEntry(state: EntryLife, event: EntryEvent): EntryStep {
  switch (event.kind) {
    case "taken":
      return state.state === "queued" || state.state === "checking"
        ? to(state, { ...UNBUILT, state: "preparing" })
        : stay(state);
    case "built": {
      if (state.state !== "preparing") return stay(state);
      const { base, candidate, tree } = event;
      return to(state, { base, candidate, tree, state: "checking" });
    }
    case "noted":
      if (state.state !== "checking" || isNoted(state, event)) return stay(state);
      return to(state, { reason: event.reason, batch: event.batch });
    case "contained":
      if (state.state !== "preparing") return stay(state);
      return to(
        state,
        { state: "landed", base: event.base, reason: "the target has all of it already" },
        { kind: "tell-landed", commit: event.base },
      );
    case "found": {
      if (!isOpen(state.state)) return stay(state);
      const { base, candidate, tree } = event;
      const landed = { state: "landed", reason: null, files: [], batch: null } as const;
      const told = { kind: "tell-landed", commit: candidate } as const;
      return to(state, { base, candidate, tree, ...landed }, told);
    }
    case "waiting":
      if (state.state !== "queued" || state.reason === event.reason) return stay(state);
      return to(state, { reason: event.reason });
    case "passed":
      return afterPass(state, event);
    case "withdrawn":
      return state.state === "proposed" ? requeue(state, event.reason) : stay(state);
    case "declined":
      if (state.state !== "proposed") return stay(state);
      return to(
        state,
        { state: "returned", reason: event.reason },
        { kind: "tell-declined", handback: event.handback },
      );
    case "failed":
      if (!isWorkedOn(state)) return stay(state);
      return to(
        state,
        { state: "returned", reason: event.reason, files: event.files, batch: null },
        { kind: "tell-returned", handback: event.handback },
      );
    case "hindered":
      if (!isWorkedOn(state) && state.state !== "landing") return stay(state);
      return to(state, {
        state: "held",
        reason: event.reason,
        files: event.files,
        base: event.base ?? state.base,
        batch: null,
      });
    case "put-back":
      return isWorkedOn(state) || isHeldByCheckout(state)
        ? requeue(state, event.reason)
        : stay(state);
    case "moved":
      if (state.state !== "landing" || state.candidate === null) return stay(state);
      return to(
        state,
        { state: "landed", reason: null, files: [] },
        { kind: "tell-landed", commit: state.candidate },
      );
    case "came-back":
      return state.state === "landing" ? requeue(state, event.reason) : stay(state);
    case "explained":
      return state.state === "held" ? to(state, { reason: event.reason }) : stay(state);
    case "cleared":
    case "release-asked":
      return state.state === "held" ? requeue(state, null) : stay(state);
    case "retry-asked":
      return state.state === "held" ||
        state.state === "awaiting-approval" ||
        state.state === "proposed"
        ? requeue(state, null)
        : stay(state);
    case "let-through":
      if (!isHeldByCheckout(state) || state.candidate === null) return stay(state);
      return to(state, { state: "checking", reason: null, files: [] });
    case "restarted":
      return isWorkedOn(state) || isHeldByCheckout(state) ? requeue(state, null) : stay(state);
    case "approve-asked":
      return approve(state);
    case "hotfix-asked":
      if (!isMovable(state) || state.isHotfix === event.isOn) return stay(state);
      return to(state, { isHotfix: event.isOn });
    case "return-asked":
      if (!isMovable(state)) return stay(state);
      return to(state, { state: "returned", reason: event.reason, batch: null }, ...stopOf(state), {
        kind: "tell-returned",
        handback: event.handback,
      });
    case "hold-asked":
      if (!isMovable(state) || (state.state === "held" && !isHeldByCheckout(state)))
        return stay(state);
      return to(
        state,
        { state: "held", reason: HELD_BY_PERSON, files: [], batch: null },
        ...stopOf(state),
      );
    case "remove-asked":
      if (!isMovable(state)) return stay(state);
      return to(state, { state: "removed", reason: event.reason, batch: null }, ...stopOf(state));
    default:
      return unreachable(event);
  }
}

const UNBUILT = {
  reason: null,
  files: [],
  base: null,
  candidate: null,
  tree: null,
  batch: null,
} as const;

function afterPass(state: EntryLife, event: EntryEvent & { readonly kind: "passed" }): EntryStep {
  const { base, candidate } = state;
  const isThisTree = state.state === "checking" && state.tree === event.tree;
  if (!isThisTree || base === null || candidate === null) return stay(state);
  if (event.waits !== null) return requeue(state, event.waits);
  if (event.needsApproval && !state.isApproved) {
    return to(state, { state: "awaiting-approval", reason: null, batch: null });
  }
  if (event.proposal) {
    const pullRequest = freshPull(event.proposal, state.pullRequest);
    return to(state, { state: "proposed", reason: null, batch: null, pullRequest });
  }
  return to(state, { state: "landing", reason: null, batch: null });
}

/** An approved entry is built once more: the target may have moved while it waited. Its verdict is kept by tree. */
function approve(state: EntryLife): EntryStep {
  if (!isMovable(state) || state.isApproved) return stay(state);
  const approved = { ...state, isApproved: true };
  return state.state === "awaiting-approval" ? requeue(approved, null) : to(approved, {});
}

function isNoted(state: EntryLife, { reason, batch }: EntryEvent & { kind: "noted" }): boolean {
  return state.reason === reason && JSON.stringify(state.batch) === JSON.stringify(batch);
}

function isWorkedOn({ state }: EntryLife): boolean {
  return state === "preparing" || state === "checking";
}

/** Up to the moment its landing begins a person can take it out. */
function isMovable({ state }: EntryLife): boolean {
  return isOpen(state) && state !== "landing";
}

function stopOf(state: EntryLife): readonly EntryEffect[] {
  // Others may be tested on top of one that the checkout holds.
  return isWorkedOn(state) || isHeldByCheckout(state) ? [{ kind: "stop-work" }] : [];
}

function requeue(state: EntryLife, reason: string | null): EntryStep {
  return to(state, { state: "queued", reason, files: [], batch: null });
}

function stay(state: EntryLife): EntryStep {
  return { state, effects: [] };
}

function to(state: EntryLife, next: Partial<EntryLife>, ...effects: EntryEffect[]): EntryStep {
  return { state: { ...state, ...next }, effects };
}
