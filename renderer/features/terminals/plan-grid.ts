import { type Layout, PLACES_MAX, type Shape, type Tree } from "../../../shared/model/layouts.ts";
import type { Section } from "./plan-places.ts";
import { fillSeats } from "./plan-seats.ts";
import { countPlaces, evenSplit, gridTree, PLACE, withShares } from "./plan-tree.ts";

/** One pane as its layout knows it. */
export interface Seat {
  /** The same for all sessions of a task, one after the other. */
  readonly key: string;
  readonly group: { readonly key: string; readonly title: string };
}

/** What is where on the surface. */
export interface GridPlan {
  /** Null where panes stand in sections. */
  readonly tree: Tree;
  readonly sections: readonly Section[] | null;
  /** By place, in reading order; what comes after the places waits in the strip. Null: a place that is free. */
  readonly seats: readonly (string | null)[];
  readonly places: number;
}

/** `wanted` is in the order in which newcomers are seated, by groups where the layout has them. */
export function planGrid(
  layout: Layout,
  wanted: readonly Seat[],
  focused: string | null,
): GridPlan {
  const { shape } = layout;
  const keys = wanted.map(({ key }) => key);
  if (shape.kind === "custom") {
    const places = countPlaces(shape.tree);
    return {
      tree: shape.tree,
      sections: null,
      places,
      seats: fillSeats(layout.seats, keys, places),
    };
  }
  const seats = fillSeats(layout.seats, keys, null);
  if (shape.kind === "focus") {
    const first = focused !== null && seats.includes(focused) ? [focused] : seats.slice(0, 1);
    const rest = seats.filter((key) => !first.includes(key));
    return { tree: PLACE, sections: null, places: 1, seats: [...first, ...rest] };
  }
  const places = Math.min(seats.length, mostPlaces(shape));
  const columns = columnsOf(shape, places);
  if (layout.grouping === "none") {
    const tree = withShares(gridTree(places, columns), layout.shares);
    return { tree, sections: null, places, seats };
  }
  return planGroups(layout, wanted, seats, places, columns);
}

function planGroups(
  layout: Layout,
  wanted: readonly Seat[],
  seats: readonly (string | null)[],
  places: number,
  columns: number,
): GridPlan {
  const groups = [...Map.groupBy(wanted, ({ group }) => group.key).values()];
  const members = groups.map((group) => {
    const keys = new Set(group.map(({ key }) => key));
    return {
      title: group[0]?.group.title ?? "",
      seats: seats.filter((key) => keys.has(key ?? "")),
    };
  });
  let left = places;
  const sections: Section[] = [];
  for (const { title, seats: own } of members) {
    const shown = Math.min(left, own.length);
    left -= shown;
    if (shown === 0) continue;
    const tree = withShares(gridTree(shown, columns), layout.shares);
    sections.push({ title, tree });
  }
  const tree = evenSplit(
    "column",
    sections.map((section) => section.tree),
  );
  return { tree, sections, places, seats: members.flatMap((group) => group.seats) };
}

function mostPlaces(shape: Exclude<Shape, { kind: "custom" | "focus" }>): number {
  if (shape.kind === "columns") return Number.POSITIVE_INFINITY;
  return shape.kind === "grid" ? shape.panes : PLACES_MAX;
}

function columnsOf(shape: Exclude<Shape, { kind: "custom" | "focus" }>, panes: number): number {
  if (shape.kind === "columns") return shape.columns;
  if (shape.kind === "auto") return autoColumns(panes);
  return shape.panes === 2 ? 2 : Math.sqrt(shape.panes);
}

/** Columns of a grid that keeps panes wide enough to read: 1, 2, 4, 6, 9, 16 and 25 panes fill it without a gap. */
export function autoColumns(panes: number): number {
  if (panes <= 2) return Math.max(1, panes);
  if (panes <= 4) return 2;
  if (panes <= 9) return 3;
  return panes <= 16 ? 4 : 5;
}
