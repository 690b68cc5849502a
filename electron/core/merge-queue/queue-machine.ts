import type { Oid } from "../../../shared/model/ids.ts";
import { type EntryState, HELD_BY_PERSON, isOpen } from "../../../shared/model/queue-entry.ts";
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
}

export type EntryEvent =
  /** Its turn has come. */
  | { readonly kind: "taken" }
  | { readonly kind: "built"; readonly base: Oid; readonly candidate: Oid; readonly tree: Oid }
  /** The target has all of its work already. */
  | { readonly kind: "contained"; readonly base: Oid }
  /** There is a green verdict for exactly this tree; the rest is what the project says at this moment. */
  | {
      readonly kind: "passed";
      readonly tree: Oid;
      readonly isPaused: boolean;
      readonly needsApproval: boolean;
    }
  /** Its work has to change: a conflict, a red check. */
  | {
      readonly kind: "failed";
      readonly reason: string;
      readonly files: readonly string[];
      readonly handback: string;
    }
  /** It cannot go on, and its work is not to blame. */
  | { readonly kind: "hindered"; readonly reason: string; readonly files: readonly string[] }
  /** The whole queue cannot go on: it waits in its place. */
  | { readonly kind: "put-back"; readonly reason: string }
  | { readonly kind: "moved" }
  | { readonly kind: "target-moved"; readonly target: string }
  /** What held it is gone. */
  | { readonly kind: "cleared" }
  /** A core has died while it worked on it. */
  | { readonly kind: "restarted" }
  | { readonly kind: "approve-asked" }
  | { readonly kind: "return-asked"; readonly reason: string; readonly handback: string }
  | { readonly kind: "hold-asked" }
  | { readonly kind: "release-asked" }
  | { readonly kind: "retry-asked" }
  | { readonly kind: "remove-asked"; readonly reason: string | null };

export type EntryEffect =
  | { readonly kind: "build" }
  | { readonly kind: "check"; readonly base: Oid; readonly candidate: Oid; readonly tree: Oid }
  | { readonly kind: "land"; readonly from: Oid; readonly to: Oid }
  | { readonly kind: "stop-work" }
  | { readonly kind: "tell-landed"; readonly commit: Oid }
  | { readonly kind: "tell-returned"; readonly handback: string };

export interface EntryStep {
  readonly state: EntryLife;
  readonly effects: readonly EntryEffect[];
}

/**
 * One entry's way to the target. An event that no longer fits the state changes nothing and returns the state itself.
 *
 * Invariant: `land` is asked for only when the very tree of the candidate passed, the queue is not paused and the entry is
 * approved where that is wanted. Landed, returned and removed are final; what is landing can only land or come back.
 */
export function stepEntry(state: EntryLife, event: EntryEvent): EntryStep {
  switch (event.kind) {
    case "taken":
      return state.state === "queued"
        ? to(state, { ...UNBUILT, state: "preparing" }, { kind: "build" })
        : stay(state);
    case "built": {
      if (state.state !== "preparing") return stay(state);
      const { base, candidate, tree } = event;
      const built = { base, candidate, tree };
      return to(state, { ...built, state: "checking" }, { kind: "check", ...built });
    }
    case "contained":
      if (state.state !== "preparing") return stay(state);
      return to(
        state,
        { state: "landed", base: event.base, reason: "the target has all of it already" },
        { kind: "tell-landed", commit: event.base },
      );
    case "passed":
      return afterPass(state, event);
    case "failed":
      if (!isWorkedOn(state)) return stay(state);
      return to(
        state,
        { state: "returned", reason: event.reason, files: event.files },
        { kind: "tell-returned", handback: event.handback },
      );
    case "hindered":
      if (!isWorkedOn(state) && state.state !== "landing") return stay(state);
      return to(state, { state: "held", reason: event.reason, files: event.files });
    case "put-back":
      return isWorkedOn(state) ? requeue(state, event.reason) : stay(state);
    case "moved":
      if (state.state !== "landing" || state.candidate === null) return stay(state);
      return to(
        state,
        { state: "landed", reason: null, files: [] },
        { kind: "tell-landed", commit: state.candidate },
      );
    case "target-moved":
      return state.state === "landing"
        ? requeue(state, `${event.target} has moved; it is tested again on top of that`)
        : stay(state);
    case "cleared":
    case "release-asked":
      return state.state === "held" ? requeue(state, null) : stay(state);
    case "retry-asked":
      return state.state === "held" || state.state === "awaiting-approval"
        ? requeue(state, null)
        : stay(state);
    case "restarted":
      return isWorkedOn(state) ? requeue(state, null) : stay(state);
    case "approve-asked":
      return approve(state);
    case "return-asked":
      if (!isMovable(state)) return stay(state);
      return to(state, { state: "returned", reason: event.reason }, ...stopOf(state), {
        kind: "tell-returned",
        handback: event.handback,
      });
    case "hold-asked":
      if (!isMovable(state) || state.state === "held") return stay(state);
      return to(state, { state: "held", reason: HELD_BY_PERSON, files: [] }, ...stopOf(state));
    case "remove-asked":
      if (!isMovable(state)) return stay(state);
      return to(state, { state: "removed", reason: event.reason }, ...stopOf(state));
    default:
      return unreachable(event);
  }
}

const UNBUILT = { reason: null, files: [], base: null, candidate: null, tree: null } as const;

function afterPass(state: EntryLife, event: EntryEvent & { readonly kind: "passed" }): EntryStep {
  const { base, candidate } = state;
  const isThisTree = state.state === "checking" && state.tree === event.tree;
  if (!isThisTree || base === null || candidate === null) return stay(state);
  if (event.isPaused) return requeue(state, "its checks passed; it lands when the queue goes on");
  if (event.needsApproval && !state.isApproved) {
    return to(state, { state: "awaiting-approval", reason: null });
  }
  return to(state, { state: "landing", reason: null }, { kind: "land", from: base, to: candidate });
}

/** An approved entry is built once more: the target may have moved while it waited. Its verdict is kept by tree. */
function approve(state: EntryLife): EntryStep {
  if (!isMovable(state) || state.isApproved) return stay(state);
  const approved = { ...state, isApproved: true };
  return state.state === "awaiting-approval" ? requeue(approved, null) : to(approved, {});
}

function isWorkedOn({ state }: EntryLife): boolean {
  return state === "preparing" || state === "checking";
}

/** Up to the moment its landing begins a person can take it out. */
function isMovable({ state }: EntryLife): boolean {
  return isOpen(state) && state !== "landing";
}

function stopOf(state: EntryLife): readonly EntryEffect[] {
  return isWorkedOn(state) ? [{ kind: "stop-work" }] : [];
}

function requeue(state: EntryLife, reason: string | null): EntryStep {
  return to(state, { state: "queued", reason, files: [] });
}

function stay(state: EntryLife): EntryStep {
  return { state, effects: [] };
}

function to(state: EntryLife, next: Partial<EntryLife>, ...effects: EntryEffect[]): EntryStep {
  return { state: { ...state, ...next }, effects };
}
