import type { EntryId, TaskId } from "../../../shared/model/ids.ts";

// For tests and benchmarks only: branches are known by their place in the queue, and a tree by those that are in it.

export function entryOf(branch: number): EntryId {
  // Ids are made and read here alone.
  return `q-${branch + 1}` as EntryId;
}

export function taskOf(branch: number): TaskId {
  return `t-${branch + 1}` as TaskId;
}

export function branchOf(id: EntryId): number {
  return Number(id.slice(2)) - 1;
}

export function bitsOf(tree: bigint): readonly number[] {
  const bits: number[] = [];
  for (let at = 0, rest = tree; rest > 0n; at++, rest >>= 1n) if (rest & 1n) bits.push(at);
  return bits;
}
