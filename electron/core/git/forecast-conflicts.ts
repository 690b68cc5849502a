import type { Oid } from "../../../shared/model/ids.ts";
import { findTwins, haveCommon, mayMeet } from "./branch-changes.ts";
import type { ForecastMemory, MergeForecast } from "./forecast-memory.ts";
import { mergeInQuarantine, type Pair } from "./merge-in-quarantine.ts";
import {
  type Branch,
  type Branches,
  changesOf,
  NO_CHANGES,
  readBranches,
} from "./read-branches.ts";
import { readTargetTree, type TargetTree } from "./read-target-tree.ts";
import type { Repository } from "./repository.ts";

export interface ForecastRequest {
  readonly repo: Repository;
  readonly target: Oid;
  /** The newest commits of the branches, each once. */
  readonly heads: readonly Oid[];
  /** A folder of ours for what git writes; nothing stays in it. */
  readonly scratch: string;
  readonly memory: ForecastMemory;
  readonly signal?: AbortSignal;
}

export type ConflictForecast =
  | {
      readonly kind: "full";
      readonly withTarget: ReadonlyMap<Oid, MergeForecast>;
      /** Every pair of heads that does not merge cleanly. */
      readonly pairs: readonly UncleanPair[];
      /** How many merges git made for it. */
      readonly merges: number;
    }
  /** This git cannot merge without a checkout. */
  | { readonly kind: "limited" };

interface UncleanPair {
  readonly one: Oid;
  readonly other: Oid;
  readonly outcome: Exclude<MergeForecast, { kind: "clean" }>;
}

const CLEAN: MergeForecast = { kind: "clean" };
const MISSING: MergeForecast = { kind: "unknown", reason: "its commit is not in the repository" };

/**
 * Says of each branch whether it merges with the target, and of each pair whether the two merge with each other, as git would merge
 * them now under the target's attributes. Pairs that cannot meet are told by their paths alone; the rest is merged for real in an
 * object store that is deleted, so the repository gains no object, no ref and no file.
 */
export async function forecastConflicts(request: ForecastRequest): Promise<ConflictForecast> {
  const read = await readBranches(request);
  const target = { head: request.target, own: new Set<Oid>(), since: TARGET_ITSELF };
  const moved = read.branches.filter(({ own }) => own.size > 0);
  const tree = await readTargetTree(request, moved);
  const withEach = moved.map((branch) => [target, branch] as const);
  const amongThem = moved.flatMap((one, at) =>
    moved.slice(at + 1).map((other) => [one, other] as const),
  );
  const close = [...withEach, ...amongThem].filter(([one, other]) => needsMerge(one, other, read));
  const merged = await mergeAll(
    request,
    tree,
    close.map(([one, other]) => [one.head, other.head]),
  );
  if (merged === null) return { kind: "limited" };

  const withTarget = new Map<Oid, MergeForecast>(
    request.heads.map((head) => [head, read.missing.has(head) ? MISSING : CLEAN]),
  );
  for (const [one, { head }] of withEach)
    withTarget.set(head, addFiles(merged.of([one.head, head]), tree.twins.get(head) ?? []));
  const pairs = amongThem.flatMap(([one, other]): readonly UncleanPair[] => {
    const twins = findTwins(changesOf(one), changesOf(other));
    const outcome = addFiles(merged.of([one.head, other.head]), twins);
    return outcome.kind === "clean" ? [] : [{ one: one.head, other: other.head, outcome }];
  });
  return { kind: "full", withTarget, pairs, merges: merged.count };
}

const TARGET_ITSELF = { place: 0, changes: NO_CHANGES };

/** Where this says no, git merges the two cleanly. */
function needsMerge(one: Branch, other: Branch, read: Branches): boolean {
  if (one.since === null || other.since === null) return true;
  // One that builds on the other meets it at a commit newer than where they left the target.
  if (haveCommon(one.own, other.own)) return true;
  // They meet at the older of the places where they left the target: what it gained up to the newer one is on that side.
  const [older, newer] =
    one.since.place >= other.since.place ? [one.since, other.since] : [other.since, one.since];
  const across = [newer.changes, ...read.stretches(older.place, newer.place)];
  return across.some((changes) => mayMeet(older.changes, changes));
}

interface Merged {
  of(pair: Pair): MergeForecast;
  readonly count: number;
}

/** Null when this git cannot merge without a checkout. */
async function mergeAll(
  request: ForecastRequest,
  { attributes, attributesKey }: TargetTree,
  pairs: readonly Pair[],
): Promise<Merged | null> {
  const { memory } = request;
  const keyOf = (pair: Pair) => `${pair.toSorted().join(" ")} ${attributesKey}`;
  const told = new Map<string, MergeForecast>();
  const asked: Pair[] = [];
  for (const pair of pairs) {
    const known = memory.merges.get(keyOf(pair));
    if (known) told.set(keyOf(pair), known);
    else asked.push(pair);
  }
  if (asked.length > 0) {
    const outcomes = await mergeInQuarantine({ ...request, pairs: asked, attributes });
    if (outcomes === null) return null;
    for (const [at, outcome] of outcomes.entries()) {
      const pair = asked[at];
      if (!pair) throw new Error("git told of a merge that nobody asked for");
      told.set(keyOf(pair), outcome);
      if (outcome.kind !== "unknown") memory.merges.set(keyOf(pair), outcome);
    }
  }
  return { of: (pair) => told.get(keyOf(pair)) ?? CLEAN, count: asked.length };
}

function addFiles(outcome: MergeForecast, twins: readonly string[]): MergeForecast {
  if (twins.length === 0 || outcome.kind === "unknown") return outcome;
  const files = outcome.kind === "conflict" ? outcome.files : [];
  return { kind: "conflict", files: [...new Set([...files, ...twins])] };
}
