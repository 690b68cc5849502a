import type { EntryId, TaskId } from "../../../shared/model/ids.ts";
import type { EntryState } from "../../../shared/model/queue-entry.ts";

export interface PlannedEntry {
  readonly id: EntryId;
  readonly task: TaskId;
  readonly state: EntryState;
  /** Tasks that have to land before it. */
  readonly waitsFor: readonly TaskId[];
  /** A person's yes is wanted and was not given. */
  readonly needsApproval: boolean;
  readonly isHotfix: boolean;
}

/** What is known of the tree that the target has once this member and all before it have landed. */
export interface ChainMember {
  readonly id: EntryId;
  readonly isGreen: boolean;
  /** How often its checks failed on this very tree, or could not be run to an end. */
  readonly reds: number;
}

export interface QueueView {
  /** `frozen`: of all that is tested only hot fixes land; `verify`: nothing does; `stopped`: nothing is begun. */
  readonly mode: "land" | "frozen" | "verify" | "stopped";
  /** The open ones, in the order of landing. */
  readonly entries: readonly PlannedEntry[];
  /** What was built on the target as it stands, each member on top of the one before it. */
  readonly chain: readonly ChainMember[];
  /** Open ones that clash with the text of a member, and go after it. */
  readonly deferred: ReadonlySet<EntryId>;
  /** What was tested as far as it goes while nothing may land. */
  readonly passed: ReadonlySet<EntryId>;
  /** Batches that passed and wait for the person's checkout; what is built stands on them. */
  readonly held: {
    readonly depth: number;
    /** The checkout is out of the way by now. */
    readonly isFree: boolean;
    readonly isHotfix: boolean;
    readonly tasks: ReadonlySet<TaskId>;
    /** Open ones that do not go on top of them. */
    readonly aside: ReadonlySet<EntryId>;
  };
  /** How many are tested together. */
  readonly size: number;
  /** How many runs may go on beside each other while the one that fails is looked for. */
  readonly sections: number;
  /** Whether the check that the first member fails is known to pass on the target itself. */
  readonly isTargetGood: boolean;
  /** How often what the first member fails is run again before it counts. */
  readonly retries: number;
}

export type QueuePlan =
  /** Put these on top of the first `keep` members of the chain; where one does not go, what comes after it is planned anew. */
  | { readonly kind: "build"; readonly keep: number; readonly entries: readonly EntryId[] }
  /** Check the tree of the first `upTo` members, and beside it those of fewer, shortest first. */
  | {
      readonly kind: "run";
      readonly upTo: number;
      readonly beside: readonly number[];
      readonly purpose: "whole" | "narrow" | "confirm";
    }
  | { readonly kind: "land"; readonly upTo: number }
  /** These passed, and land after what the checkout holds. */
  | { readonly kind: "stack"; readonly upTo: number }
  /** The first batch that the checkout held. */
  | { readonly kind: "land-held" }
  /** The first member fails on top of what has not landed: nobody is blamed for that, and it is looked at again after the landing. */
  | { readonly kind: "set-aside" }
  /** The first member passed, and may land once a person says so. */
  | { readonly kind: "ask-approval" }
  /** Nobody is blamed before the target itself is known to be green. */
  | { readonly kind: "check-target" }
  /** The first member fails alone, on a target that does not. */
  | { readonly kind: "blame" }
  /** Nothing can be begun until something changes. */
  | { readonly kind: "rest"; readonly why: "nothing-ready" | "stopped" | "held" }
  /** Nothing may land, and the chain and these were tested as far as that goes until then. */
  | { readonly kind: "rest"; readonly why: "passed"; readonly tested: readonly EntryId[] };

/** So many batches are tested on top of one that the checkout holds, or that a pause or a freeze keeps from landing. */
const HELD_DEPTH_MAX = 3;

/**
 * What one project's queue does next. Up to `size` entries are tested as one; where that is red, halving (or cutting into more parts, of
 * which several are run beside each other) finds the shortest part from the front that fails, what stands before the one to blame lands, and that one is run again alone before it is blamed.
 *
 * Nothing is remembered between two calls but verdicts by tree, so a crash costs at most the run under way.
 * Invariants: only a green tree lands; a child never before its parent; whoever needs a person's yes is tested alone; a hot fix
 * goes alone and before all others, and is the only one to land in a freeze; what the checkout holds lands before what stands on it.
 */
export function planBatches(view: QueueView): QueuePlan {
  if (view.mode === "stopped") return { kind: "rest", why: "stopped" };
  if (view.held.depth > 0 && view.held.isFree) return { kind: "land-held" };
  const chain = livingPart(view);
  const hotfix = view.entries.find((entry) => isUrgent(view, entry));
  if (hotfix && chain[0]?.id !== hotfix.id) return { kind: "build", keep: 0, entries: [hotfix.id] };
  if (view.held.depth > HELD_DEPTH_MAX) return { kind: "rest", why: "held" };
  const shortestRed = chain.findIndex(isFailing);
  const isWhole = shortestRed === -1;
  if (isWhole && (chain.at(-1)?.isGreen !== true || !mayLand(view, chain))) {
    const next = chain.length === 0 ? begin(view) : goOn(view, chain);
    if (next) return next;
  }
  return testOrLand(view, chain, isWhole ? chain.length : shortestRed + 1);
}

function begin(view: QueueView): QueuePlan {
  const entries = chooseMore(view, [], view.size);
  if (view.mode !== "land" && listWithin(view).every((id) => view.passed.has(id))) {
    const lone = view.entries.find((entry) => isUntestedLone(view, entry));
    if (lone) return { kind: "build", keep: 0, entries: [lone.id] };
    if (entries.length > 0) return { kind: "rest", why: "passed", tested: [] };
  }
  if (entries.length === 0) return { kind: "rest", why: "nothing-ready" };
  return { kind: "build", keep: 0, entries };
}

/** While nothing may land, batch after batch is put on top of what has passed. */
function goOn(view: QueueView, chain: readonly ChainMember[]): QueuePlan | null {
  const passed = view.mode === "land" ? 0 : chain.findLastIndex(({ isGreen }) => isGreen) + 1;
  const room = Math.min(passed + view.size, view.size * (HELD_DEPTH_MAX + 1));
  const entries = chooseMore(view, chain, room);
  return entries.length > 0 ? { kind: "build", keep: chain.length, entries } : null;
}

/** What is tested at most while nothing may land. */
function listWithin(view: QueueView): readonly EntryId[] {
  return chooseMore(view, [], view.size * (HELD_DEPTH_MAX + 1));
}

function isUntestedLone({ held, passed }: QueueView, entry: PlannedEntry): boolean {
  const isFree = isReady(entry) && entry.waitsFor.length === 0 && held.depth === 0;
  return isFree && entry.needsApproval && !passed.has(entry.id);
}

/** `upTo`: the shortest part that is known to fail, or the whole chain. */
function testOrLand(view: QueueView, chain: readonly ChainMember[], upTo: number): QueuePlan {
  const tip = chain[upTo - 1];
  if (!tip) throw new Error(`a chain of ${chain.length} has no ${upTo} members`);
  if (tip.isGreen) return landOrWait(view, chain, upTo);
  if (!isFailing(tip)) {
    const isWhole = upTo === chain.length && !chain.some(isFailing);
    return { kind: "run", upTo, beside: [], purpose: isWhole ? "whole" : "narrow" };
  }
  if (upTo > 1) return narrow(view, chain, upTo);
  if (view.held.depth > 0) return { kind: "set-aside" };
  if (tip.reds <= view.retries) return { kind: "run", upTo: 1, beside: [], purpose: "confirm" };
  return view.isTargetGood ? { kind: "blame" } : { kind: "check-target" };
}

/** No part shorter than `red` is known to fail: the longest that passes lands, else as many parts as may be are run, evenly apart. */
function narrow(view: QueueView, chain: readonly ChainMember[], red: number): QueuePlan {
  const parts = view.sections + 1;
  const cuts = Array.from({ length: view.sections }, (_, at) =>
    Math.floor((red * (at + 1)) / parts),
  );
  const lengths = [...new Set(cuts.map((cut) => Math.max(1, cut)))];
  const green = chain.slice(0, red).findLastIndex(({ isGreen }) => isGreen) + 1;
  if (green > 0) return landOrWait(view, chain, green);
  const upTo = lengths.at(-1) ?? 1;
  return { kind: "run", upTo, beside: lengths.slice(0, -1), purpose: "narrow" };
}

function landOrWait(view: QueueView, chain: readonly ChainMember[], upTo: number): QueuePlan {
  const first = findFirst(view, chain);
  if (!mayLand(view, chain)) {
    return { kind: "rest", why: "passed", tested: first?.needsApproval ? [] : listWithin(view) };
  }
  if (view.held.depth > 0) return { kind: "stack", upTo };
  return first?.needsApproval ? { kind: "ask-approval" } : { kind: "land", upTo };
}

function mayLand(view: QueueView, chain: readonly ChainMember[]): boolean {
  const isHotfix = findFirst(view, chain)?.isHotfix === true;
  return view.mode === "land" || (view.mode === "frozen" && isHotfix);
}

function findFirst({ entries }: QueueView, [first]: readonly ChainMember[]) {
  return entries.find(({ id }) => id === first?.id);
}

/** Its turn has come before all others. While nothing lands it is tested once. */
function isUrgent({ mode, passed, held }: QueueView, entry: PlannedEntry): boolean {
  const { id, isHotfix, waitsFor } = entry;
  // What is held is given up for it, but for another hot fix: that one is not overtaken.
  if (held.isHotfix && (held.aside.has(id) || held.depth > HELD_DEPTH_MAX)) return false;
  return (
    isHotfix && isReady(entry) && waitsFor.length === 0 && !(mode === "verify" && passed.has(id))
  );
}

function isReady({ state }: PlannedEntry): boolean {
  return state === "queued" || state === "checking";
}

/** It is tested alone, so that what it waits with is its own. On a hot fix that has passed and may not land others are tested. */
function isLone(view: QueueView, chain: readonly ChainMember[], entry: PlannedEntry): boolean {
  const { id, needsApproval, isHotfix } = entry;
  if (needsApproval || !isHotfix || view.mode !== "verify") return needsApproval || isHotfix;
  return !view.passed.has(id) && !chain.some((member) => member.id === id && member.isGreen);
}

function isFailing({ isGreen, reds }: ChainMember): boolean {
  return !isGreen && reds > 0;
}

/** Up to the first that a person took out: what stands on it has to be built anew. */
function livingPart({ chain, entries }: QueueView): readonly ChainMember[] {
  const living = new Set(entries.filter(({ state }) => state === "checking").map(({ id }) => id));
  const end = chain.findIndex(({ id }) => !living.has(id));
  return end === -1 ? chain : chain.slice(0, end);
}

/** Until the chain has `room` members. */
function chooseMore(
  view: QueueView,
  chain: readonly ChainMember[],
  room: number,
): readonly EntryId[] {
  const isAlone = (entry: PlannedEntry) => isLone(view, chain, entry);
  const inChain = new Set(chain.map(({ id }) => id));
  const before = view.entries.filter(({ id }) => inChain.has(id));
  if (before.some(isAlone)) return [];
  const ahead = new Set([...view.held.tasks, ...before.map(({ task }) => task)]);
  const waiting = view.entries.filter(
    (entry) =>
      isReady(entry) &&
      !inChain.has(entry.id) &&
      !view.held.aside.has(entry.id) &&
      !(view.held.depth > 0 && isAlone(entry)) &&
      !(view.mode !== "land" && entry.needsApproval) &&
      (chain.length === 0 || !view.deferred.has(entry.id)),
  );
  const chosen: PlannedEntry[] = [];
  while (chain.length + chosen.length < room) {
    const isFirst = chain.length + chosen.length === 0;
    const next = waiting.find(
      (each) =>
        !chosen.includes(each) &&
        (isFirst || !isAlone(each)) &&
        each.waitsFor.every((task) => ahead.has(task)),
    );
    if (!next) break;
    chosen.push(next);
    ahead.add(next.task);
    if (isAlone(next)) break;
  }
  return chosen.map(({ id }) => id);
}
