import type { Axis, Tree } from "../../../shared/model/layouts.ts";
import { countPlaces } from "./plan-tree.ts";

/** In pixels of the surface, from its top left. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Separator {
  readonly box: Box;
  /** Of the split whose parts it divides: a row's separator stands upright. */
  readonly axis: Axis;
  /** The way to that split from the top of the tree. */
  readonly path: readonly number[];
  /** The part before it. */
  readonly at: number;
  readonly shares: readonly number[];
  /** The pixels that all shares together stand for. */
  readonly length: number;
  /** The first place of the parts on either side, in reading order. */
  readonly between: readonly [one: number, other: number];
}

export interface Section {
  readonly title: string;
  readonly tree: Tree;
}

export interface Places {
  readonly height: number;
  /** In reading order. */
  readonly boxes: readonly Box[];
  readonly separators: readonly Separator[];
  readonly headings: readonly { readonly title: string; readonly box: Box }[];
}

export const GAP_PX = 8;
/** Below this a prompt cannot be read; the grid scrolls instead. */
const PLACE_MIN = { width: 120, height: 146 } as const;
const HEADING_PX = 24;

/** Where everything is on a surface of that size; it grows downwards where panes would get too low. */
export function planPlaces(tree: Tree, width: number, height: number): Places {
  const tall = Math.max(height, leastOf(tree, "column"));
  const drawn = draw(tree, { left: 0, top: 0, width, height: tall }, [], 0);
  return { height: tall, ...drawn, headings: [] };
}

/** The same with a heading above each section, each as high as its rows need. */
export function planSections(sections: readonly Section[], width: number, height: number): Places {
  const rows = sections.map(({ tree }) => rowsOf(tree));
  const between = sections.length * HEADING_PX + (sections.length - 1) * GAP_PX;
  const heights = divide(
    Math.max(0, height - between),
    rows,
    sections.map(({ tree }) => leastOf(tree, "column")),
  );
  let top = 0;
  let before = 0;
  const boxes: Box[] = [];
  const separators: Separator[] = [];
  const headings: { title: string; box: Box }[] = [];
  for (const [index, { title, tree }] of sections.entries()) {
    const tall = heights[index] ?? 0;
    headings.push({ title, box: { left: 0, top, width, height: HEADING_PX } });
    top += HEADING_PX;
    // A single section is the whole tree.
    const path = sections.length === 1 ? [] : [index];
    const drawn = draw(tree, { left: 0, top, width, height: tall }, path, before);
    boxes.push(...drawn.boxes);
    separators.push(...drawn.separators);
    before += countPlaces(tree);
    top += tall + GAP_PX;
  }
  return { height: Math.max(height, top - GAP_PX), boxes, separators, headings };
}

/** Which boxes are to be there while that part of the surface is in view. */
export function inView(boxes: readonly Box[], top: number, height: number): readonly boolean[] {
  return boxes.map((box) => box.top < top + height && box.top + box.height > top);
}

function draw(
  tree: Tree,
  box: Box,
  path: readonly number[],
  first: number,
): { readonly boxes: readonly Box[]; readonly separators: readonly Separator[] } {
  if (tree.kind === "place") return { boxes: [box], separators: [] };
  const { axis, parts, shares } = tree;
  const isRow = axis === "row";
  const length = (isRow ? box.width : box.height) - GAP_PX * (parts.length - 1);
  const sizes = divide(
    length,
    shares,
    parts.map((part) => leastOf(part, axis)),
  );
  const boxes: Box[] = [];
  const separators: Separator[] = [];
  let offset = 0;
  let place = first;
  for (const [at, part] of parts.entries()) {
    const size = sizes[at] ?? 0;
    const drawn = draw(part, slice(box, isRow, offset, size), [...path, at], place);
    boxes.push(...drawn.boxes);
    separators.push(...drawn.separators);
    const next = place + countPlaces(part);
    offset += size;
    if (at < parts.length - 1) {
      const gap = slice(box, isRow, offset, GAP_PX);
      const between = [place, next] as const;
      // Shares as they are drawn: what is at its least would jump otherwise.
      const drawnShares = sizes.map((each) => each / Math.max(1, length));
      separators.push({ box: gap, axis, path, at, shares: drawnShares, length, between });
    }
    offset += GAP_PX;
    place = next;
  }
  return { boxes, separators };
}

function slice(box: Box, isRow: boolean, offset: number, size: number): Box {
  return isRow
    ? { ...box, left: box.left + offset, width: size }
    : { ...box, top: box.top + offset, height: size };
}

/** Whole pixels that make up `length`, by their shares, none below its least where there is room for all of these. */
function divide(
  length: number,
  shares: readonly number[],
  leasts: readonly number[],
): readonly number[] {
  const need = leasts.reduce((sum, least) => sum + least, 0);
  if (need >= length) return leasts;
  const held = new Set<number>();
  let sizes: readonly number[] = [];
  for (;;) {
    const free = length - [...held].reduce((sum, at) => sum + (leasts[at] ?? 0), 0);
    const open = shares.reduce((sum, share, at) => (held.has(at) ? sum : sum + share), 0);
    sizes = shares.map((share, at) =>
      held.has(at) ? (leasts[at] ?? 0) : (free * share) / Math.max(open, Number.EPSILON),
    );
    const low = sizes.findIndex((size, at) => !held.has(at) && size < (leasts[at] ?? 0));
    if (low < 0) break;
    held.add(low);
  }
  let end = 0;
  return sizes.map((size) => {
    const start = Math.round(end);
    end += size;
    return Math.round(end) - start;
  });
}

/** Along a row the widths of its parts add up, across it the largest counts. */
function leastOf(tree: Tree, axis: Axis): number {
  if (tree.kind === "place") return axis === "row" ? PLACE_MIN.width : PLACE_MIN.height;
  const leasts = tree.parts.map((part) => leastOf(part, axis));
  if (tree.axis !== axis) return Math.max(...leasts);
  return leasts.reduce((sum, least) => sum + least, 0) + GAP_PX * (leasts.length - 1);
}

function rowsOf(tree: Tree): number {
  return tree.kind === "split" && tree.axis === "column" ? tree.parts.length : 1;
}
