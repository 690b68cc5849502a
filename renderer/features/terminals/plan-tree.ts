import { type Axis, SHARE_MIN, type Tree } from "../../../shared/model/layouts.ts";

export const PLACE: Tree = { kind: "place" };
type Split = Extract<Tree, { kind: "split" }>;

export function countPlaces(tree: Tree): number {
  if (tree.kind === "place") return 1;
  return tree.parts.reduce((sum, part) => sum + countPlaces(part), 0);
}

/** One part stays what it is; none is a place. */
export function evenSplit(axis: Axis, parts: readonly Tree[]): Tree {
  const [only = PLACE] = parts;
  if (parts.length <= 1) return only;
  return { kind: "split", axis, parts, shares: parts.map(() => 1 / parts.length) };
}

/** Rows of `columns` places; the last row has what is left, across the whole width. */
export function gridTree(places: number, columns: number): Tree {
  const rows = Array.from({ length: Math.ceil(places / columns) }, (_, row) => {
    const width = Math.min(columns, places - row * columns);
    return evenSplit(
      "row",
      Array.from({ length: width }, () => PLACE),
    );
  });
  return evenSplit("column", rows);
}

/** What the shares of a tree that a shape makes are kept under, so that all its rows have the same columns. */
export function sharesName({ axis, parts }: Split): string {
  return `${axis}-${parts.length}`;
}

export function withShares(tree: Tree, shares: Readonly<Record<string, readonly number[]>>): Tree {
  if (tree.kind === "place") return tree;
  const kept = shares[sharesName(tree)];
  const isFitting = kept?.length === tree.parts.length;
  return {
    ...tree,
    parts: tree.parts.map((part) => withShares(part, shares)),
    shares: isFitting ? kept : tree.shares,
  };
}

/** The split at `path`, a list of places in `parts` from the top on; null where there is none. */
export function splitAt(tree: Tree, path: readonly number[]): Split | null {
  if (tree.kind === "place") return null;
  const [first, ...rest] = path;
  if (first === undefined) return tree;
  const part = tree.parts[first];
  return part ? splitAt(part, rest) : null;
}

export function setShares(tree: Tree, path: readonly number[], shares: readonly number[]): Tree {
  if (tree.kind === "place") return tree;
  const [first, ...rest] = path;
  if (first === undefined) {
    return shares.length === tree.parts.length ? { ...tree, shares: wholeShares(shares) } : tree;
  }
  const parts = tree.parts.map((part, at) => (at === first ? setShares(part, rest, shares) : part));
  return { ...tree, parts };
}

/** Makes room for one more place beside the one at `index`, which gives half of what it has. */
export function splitPlace(tree: Tree, index: number, axis: Axis, isBefore: boolean): Tree {
  if (tree.kind === "place") return evenSplit(axis, [PLACE, PLACE]);
  let before = 0;
  for (const [at, part] of tree.parts.entries()) {
    const inside = index - before;
    before += countPlaces(part);
    if (index >= before) continue;
    if (part.kind === "place" && tree.axis === axis) return insertPart(tree, at, isBefore);
    const parts = tree.parts.with(at, splitPlace(part, inside, axis, isBefore));
    return { ...tree, parts };
  }
  return tree;
}

function insertPart(split: Split, at: number, isBefore: boolean): Tree {
  const half = (split.shares[at] ?? 0) / 2;
  const place = isBefore ? at : at + 1;
  return {
    ...split,
    parts: split.parts.toSpliced(place, 0, PLACE),
    shares: wholeShares(split.shares.with(at, half).toSpliced(place, 0, half)),
  };
}

/** Takes the place at `index` away; the last one stays. */
export function removePlace(tree: Tree, index: number): Tree {
  if (tree.kind === "place") return tree;
  let before = 0;
  for (const [at, part] of tree.parts.entries()) {
    const inside = index - before;
    before += countPlaces(part);
    if (index >= before) continue;
    if (part.kind === "split") {
      return { ...tree, parts: tree.parts.with(at, removePlace(part, inside)) };
    }
    const [only, ...more] = tree.parts.toSpliced(at, 1);
    if (only && more.length === 0) return only;
    const shares = wholeShares(tree.shares.toSpliced(at, 1));
    return { ...tree, parts: [only ?? PLACE, ...more], shares };
  }
  return tree;
}

export function evenOut(tree: Tree): Tree {
  if (tree.kind === "place") return tree;
  return evenSplit(tree.axis, tree.parts.map(evenOut));
}

/** The separator after part `at` moves by `by`, as far as its two neighbours have room. */
export function moveSeparator(
  shares: readonly number[],
  at: number,
  by: number,
): readonly number[] {
  const [one, other] = [shares[at], shares[at + 1]];
  if (one === undefined || other === undefined) return shares;
  const least = Math.min(SHARE_MIN, one, other);
  const moved = Math.max(least - one, Math.min(other - least, by));
  return shares.with(at, one + moved).with(at + 1, other - moved);
}

/** Brought to a sum of 1, none below the least. */
export function wholeShares(shares: readonly number[]): readonly number[] {
  const least = Math.min(SHARE_MIN, 1 / shares.length);
  const kept = shares.map((share) => (Number.isFinite(share) ? Math.max(least, share) : least));
  const sum = kept.reduce((total, share) => total + share, 0);
  return kept.map((share) => share / sum);
}
