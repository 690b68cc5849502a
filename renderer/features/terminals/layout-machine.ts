import {
  type Grouping,
  type Layout,
  type Layouts,
  type NamedLayout,
  PLACES_MAX,
  SAVED_MAX,
  type Shape,
  TABS_MAX,
  type Tree,
  usualLayout,
} from "../../../shared/model/layouts.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import { swapSeats } from "./plan-seats.ts";
import {
  countPlaces,
  evenOut,
  removePlace,
  setShares,
  sharesName,
  splitAt,
  splitPlace,
  wholeShares,
} from "./plan-tree.ts";

type Seats = readonly (string | null)[];
export type Side = "left" | "right" | "top" | "bottom";

/** `tree` and `seats` are what the window shows at that moment. */
type LayoutEvent =
  | { readonly kind: "shape-chosen"; readonly shape: Shape }
  | {
      readonly kind: "resized";
      readonly tree: Tree;
      readonly path: readonly number[];
      readonly shares: readonly number[];
    }
  | { readonly kind: "evened-out" }
  | {
      readonly kind: "swapped";
      readonly seats: Seats;
      readonly one: number;
      readonly other: number;
    }
  /** `from` is the seat that comes beside place `onto`; null: whoever waits, or nobody. */
  | {
      readonly kind: "split";
      readonly tree: Tree;
      readonly seats: Seats;
      readonly from: number | null;
      readonly onto: number;
      readonly side: Side;
    }
  | {
      readonly kind: "place-closed";
      readonly tree: Tree;
      readonly seats: Seats;
      readonly place: number;
    }
  | { readonly kind: "seated"; readonly seats: Seats }
  | { readonly kind: "grouped"; readonly grouping: Grouping }
  | { readonly kind: "narrowed"; readonly only: Layout["only"] }
  | { readonly kind: "done-hidden"; readonly isHidden: boolean };

export type LayoutsEvent =
  | LayoutEvent
  | { readonly kind: "tab-added"; readonly name: string; readonly layout: Layout | null }
  | { readonly kind: "tab-shown"; readonly tab: number }
  | { readonly kind: "tab-closed"; readonly tab: number }
  | { readonly kind: "tab-renamed"; readonly tab: number; readonly name: string }
  | { readonly kind: "saved"; readonly name: string }
  | { readonly kind: "saved-opened"; readonly name: string }
  | { readonly kind: "saved-removed"; readonly name: string }
  | { readonly kind: "follow-set"; readonly isFollowing: boolean };

/**
 * The layouts of a window after one thing a person did. What does not fit changes nothing.
 *
 * Invariant: there is at least one tab, one of them is shown, and names are told apart.
 */
export function stepLayouts(layouts: Layouts, event: LayoutsEvent): Layouts {
  const { tabs, shown, saved } = layouts;
  const current = tabs[shown];
  switch (event.kind) {
    case "tab-added": {
      if (tabs.length >= TABS_MAX) return layouts;
      const layout = event.layout ?? current?.layout ?? usualLayout;
      const added = { name: freeName(tabs, event.name), layout };
      return { ...layouts, tabs: [...tabs, added], shown: tabs.length };
    }
    case "tab-shown":
      return tabs[event.tab] ? { ...layouts, shown: event.tab } : layouts;
    case "tab-closed": {
      if (tabs.length === 1 || !tabs[event.tab]) return layouts;
      const isBefore = event.tab < shown || shown === tabs.length - 1;
      return {
        ...layouts,
        tabs: tabs.toSpliced(event.tab, 1),
        shown: isBefore ? Math.max(0, shown - 1) : shown,
      };
    }
    case "tab-renamed": {
      const tab = tabs[event.tab];
      if (!tab) return layouts;
      const others = tabs.toSpliced(event.tab, 1);
      const name = freeName(others, event.name);
      return { ...layouts, tabs: tabs.with(event.tab, { ...tab, name }) };
    }
    case "saved": {
      if (!current) return layouts;
      const name = event.name.trim().slice(0, NAME_MAX);
      const others = saved.filter((each) => each.name !== name);
      if (name === "" || others.length >= SAVED_MAX) return layouts;
      return { ...layouts, saved: [...others, { name, layout: current.layout }] };
    }
    case "saved-opened": {
      const found = saved.find(({ name }) => name === event.name);
      if (!found) return layouts;
      const open = tabs.findIndex(({ name }) => name === found.name);
      if (open >= 0) return { ...layouts, tabs: tabs.with(open, found), shown: open };
      return stepLayouts(layouts, { kind: "tab-added", ...found });
    }
    case "saved-removed":
      return { ...layouts, saved: saved.filter(({ name }) => name !== event.name) };
    case "follow-set":
      return { ...layouts, isFollowing: event.isFollowing };
    default: {
      if (!current) return layouts;
      const layout = stepLayout(current.layout, event);
      if (layout === current.layout) return layouts;
      return { ...layouts, tabs: tabs.with(shown, { ...current, layout }) };
    }
  }
}

function stepLayout(layout: Layout, event: LayoutEvent): Layout {
  switch (event.kind) {
    case "shape-chosen":
      return { ...layout, shape: event.shape, shares: {} };
    case "resized":
      return resize(layout, event);
    case "evened-out":
      return layout.shape.kind === "custom"
        ? { ...layout, shape: { kind: "custom", tree: evenOut(layout.shape.tree) } }
        : { ...layout, shares: {} };
    case "swapped":
      return { ...layout, seats: [...swapSeats(event.seats, event.one, event.other)] };
    case "split":
      return split(layout, event);
    case "place-closed": {
      const { tree, seats, place } = event;
      const isThere = place >= 0 && place < countPlaces(tree);
      if (!isThere || countPlaces(tree) === 1) return layout;
      // Whoever sat there waits first.
      const left = seats
        .toSpliced(place, 1)
        .toSpliced(countPlaces(tree) - 1, 0, seats[place] ?? null);
      const shape = { kind: "custom", tree: removePlace(tree, place) } as const;
      return { ...layout, shape, seats: [...left] };
    }
    case "seated":
      return { ...layout, seats: [...event.seats] };
    case "grouped":
      return { ...layout, grouping: event.grouping };
    case "narrowed":
      return { ...layout, only: event.only };
    case "done-hidden":
      return { ...layout, isDoneHidden: event.isHidden };
    default:
      return unreachable(event);
  }
}

function resize(
  layout: Layout,
  { tree, path, shares }: Extract<LayoutEvent, { kind: "resized" }>,
): Layout {
  if (layout.shape.kind === "custom") {
    const resized = setShares(layout.shape.tree, path, shares);
    return { ...layout, shape: { kind: "custom", tree: resized } };
  }
  const changed = splitAt(tree, path);
  if (changed?.parts.length !== shares.length) return layout;
  const kept = { ...layout.shares, [sharesName(changed)]: [...wholeShares(shares)] };
  return { ...layout, shares: kept };
}

function split(
  layout: Layout,
  { tree, seats, from, onto, side }: Extract<LayoutEvent, { kind: "split" }>,
): Layout {
  const places = countPlaces(tree);
  if (onto < 0 || onto >= places || from === onto) return layout;
  const isMoved = from !== null && from < places;
  if (!isMoved && places >= PLACES_MAX) return layout;
  const isBefore = side === "left" || side === "top";
  const axis = side === "left" || side === "right" ? "row" : "column";
  const grown = splitPlace(tree, onto, axis, isBefore);
  const made = isBefore ? onto : onto + 1;
  const mover = from === null ? (seats[places] ?? null) : (seats[from] ?? null);
  const source = from ?? places;
  // The new place shifts what comes after it by one; then the old place goes, if the pane had one.
  const withRoom = seats.toSpliced(made, 0, mover);
  const old = source < made ? source : source + 1;
  const reseated = withRoom.toSpliced(old, 1);
  return {
    ...layout,
    shape: { kind: "custom", tree: isMoved ? removePlace(grown, old) : grown },
    seats: [...reseated],
    grouping: "none",
  };
}

const NAME_MAX = 40;

/** `wanted`, or with a number behind it where another has that name. */
function freeName(others: readonly NamedLayout[], wanted: string): string {
  // Room for the number.
  const base =
    wanted
      .trim()
      .slice(0, NAME_MAX - 4)
      .trim() || "Layout";
  const taken = new Set(others.map(({ name }) => name));
  const numbered = Array.from({ length: others.length }, (_, at) => `${base} ${at + 2}`);
  return [base, ...numbered].find((name) => !taken.has(name)) ?? base;
}
