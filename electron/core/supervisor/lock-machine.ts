import { unreachable } from "../../../shared/model/unreachable.ts";

/** Checks of the merge queue that may go ahead of one command in a row; then it is the command's turn. */
export const PASSES_MAX = 4;

export interface Claim {
  /** Made up by who claims, so that it is known again after a core has died. */
  readonly ticket: string;
  readonly lock: string;
  readonly rank: "check" | "command";
  readonly isHolding: boolean;
  /** Its process lives and has no connection now. A holder keeps its slot; who waits keeps its place, and others go first. */
  readonly isAway: boolean;
  /** How many checks went ahead of it that came after it. */
  readonly passed: number;
}

/** All locks of a fleet. Claims are in the order in which they came. */
export interface LocksState {
  readonly claims: readonly Claim[];
  /** By lock; one that is not there has one slot. */
  readonly slots: Readonly<Record<string, number>>;
  /** A core has just begun: who is away is coming back, and nobody goes ahead of those. */
  readonly isSettling: boolean;
}

export type LocksEvent =
  /** `isRunning`: it held a slot under an earlier core, and its command runs. */
  | {
      readonly kind: "asked";
      readonly ticket: string;
      readonly lock: string;
      readonly rank: Claim["rank"];
      readonly isRunning: boolean;
    }
  | { readonly kind: "left"; readonly ticket: string }
  | { readonly kind: "lost"; readonly ticket: string }
  | { readonly kind: "slots"; readonly slots: LocksState["slots"] }
  | { readonly kind: "settled" };

export interface LocksStep {
  readonly state: LocksState;
  /** Tickets that may begin now, those that ask again for what they hold among them. */
  readonly granted: readonly string[];
}

export const noLocks: LocksState = { claims: [], slots: {}, isSettling: false };

/**
 * Invariant: a grant never makes more holders than the lock has slots; only who says that its command runs already may. A slot
 * that is free has nobody waiting for it who could take it. Nobody of one rank goes ahead of who came before.
 */
export function stepLocks(state: LocksState, event: LocksEvent): LocksStep {
  switch (event.kind) {
    case "asked":
      return ask(state, event);
    case "left":
      return grantFree(withClaims(state, without(state.claims, event.ticket)));
    case "lost":
      return grantFree(change(state, event.ticket, { isAway: true }));
    case "slots":
      return grantFree({ ...state, slots: event.slots });
    case "settled":
      return grantFree({ ...state, isSettling: false });
    default:
      return unreachable(event);
  }
}

/** Who waits for a lock, in the order in which slots that become free go to them. */
export function waitingFor(state: LocksState, lock: string): readonly Claim[] {
  const order: Claim[] = [];
  let claims = state.claims;
  for (;;) {
    const next = pickNext(claims, lock);
    if (!next) return order;
    const original = state.claims.find(({ ticket }) => ticket === next.ticket);
    if (original) order.push(original);
    claims = without(passBy(claims, next), next.ticket);
  }
}

function ask(state: LocksState, event: Extract<LocksEvent, { kind: "asked" }>): LocksStep {
  const { ticket, lock, rank, isRunning } = event;
  const known = state.claims.find((claim) => claim.ticket === ticket);
  if (!known) {
    const claim = { ticket, lock, rank, isHolding: isRunning, isAway: false, passed: 0 };
    const step = grantFree(withClaims(state, [...state.claims, claim]));
    return isRunning ? { ...step, granted: [ticket, ...step.granted] } : step;
  }
  const isHolding = known.isHolding || isRunning;
  const step = grantFree(change(state, ticket, { isAway: false, isHolding }));
  return isHolding ? { ...step, granted: [ticket, ...step.granted] } : step;
}

function grantFree(from: LocksState): LocksStep {
  let state = from;
  const granted: string[] = [];
  for (const lock of new Set(from.claims.map((claim) => claim.lock))) {
    while (holdersOf(state.claims, lock) < (state.slots[lock] ?? 1)) {
      const present = state.claims.filter(({ isAway, isHolding }) => isHolding || !isAway);
      const next = pickNext(state.isSettling ? state.claims : present, lock);
      if (!next || next.isAway) break;
      const passed = withClaims(state, passBy(state.claims, next));
      state = change(passed, next.ticket, { isHolding: true });
      granted.push(next.ticket);
    }
  }
  return { state, granted };
}

/** Checks first, each rank in its order; a command that was passed often enough goes before them. */
function pickNext(claims: readonly Claim[], lock: string): Claim | undefined {
  const waiting = claims.filter((claim) => claim.lock === lock && !claim.isHolding);
  const command = waiting.find(({ rank }) => rank === "command");
  if (command && command.passed >= PASSES_MAX) return command;
  return waiting.find(({ rank }) => rank === "check") ?? command;
}

/** Every command that came before a check which goes now was passed by it, unless it was away itself. */
function passBy(claims: readonly Claim[], next: Claim): readonly Claim[] {
  if (next.rank === "command") return claims;
  const at = claims.findIndex(({ ticket }) => ticket === next.ticket);
  return claims.map((claim, index) => {
    const isWaiting = claim.lock === next.lock && !claim.isHolding && !claim.isAway;
    const isPassed = isWaiting && claim.rank === "command" && index < at;
    return isPassed ? { ...claim, passed: claim.passed + 1 } : claim;
  });
}

function holdersOf(claims: readonly Claim[], lock: string): number {
  return claims.filter((claim) => claim.lock === lock && claim.isHolding).length;
}

function without(claims: readonly Claim[], ticket: string): readonly Claim[] {
  return claims.filter((claim) => claim.ticket !== ticket);
}

function withClaims(state: LocksState, claims: readonly Claim[]): LocksState {
  return { ...state, claims };
}

function change(state: LocksState, ticket: string, to: Partial<Claim>): LocksState {
  return withClaims(
    state,
    state.claims.map((claim) => (claim.ticket === ticket ? { ...claim, ...to } : claim)),
  );
}
