import fc from "fast-check";
import { expect, test } from "vitest";
import {
  GRID_SIZES,
  GROUPINGS,
  type Layouts,
  Layouts as LayoutsShape,
  type Tree,
  usualLayouts,
} from "../../../shared/model/layouts.ts";
import { type LayoutsEvent, stepLayouts } from "./layout-machine.ts";
import { fillSeats } from "./plan-seats.ts";
import { countPlaces, gridTree } from "./plan-tree.ts";

const present = (panes: number) => Array.from({ length: panes }, (_, at) => `t-${at + 1}`);
const layoutOf = ({ tabs, shown }: Layouts) => tabs[shown]?.layout;

/** What a window would show of these panes. */
function shown(layouts: Layouts, panes: number) {
  const layout = layoutOf(layouts);
  const isCustom = layout?.shape.kind === "custom";
  const tree: Tree = layout?.shape.kind === "custom" ? layout.shape.tree : gridTree(panes, 3);
  const places = isCustom ? countPlaces(tree) : null;
  return { tree, seats: fillSeats(layout?.seats ?? [], present(panes), places) };
}

/** A word for each place, in reading order; what waits stands behind a stroke. */
function wordsOf(layouts: Layouts, panes: number): string {
  const { tree, seats } = shown(layouts, panes);
  const words = seats.map((key) => key?.slice(2) ?? "_");
  return [...words.slice(0, countPlaces(tree)), "|", ...words.slice(countPlaces(tree))].join(" ");
}

function check(panes: number, make: (layouts: Layouts) => LayoutsEvent, words: string) {
  expect(wordsOf(stepLayouts(usualLayouts, make(usualLayouts)), panes).trim()).toBe(words);
}

test("a pane that is dropped on another changes places with it", () => {
  check(4, (now) => ({ kind: "swapped", one: 0, other: 2, ...shown(now, 4) }), "3 2 1 4 |");
});

test("a pane that is dropped on an edge comes beside the other, and its old place goes", () => {
  const split = (side: "left" | "right" | "top" | "bottom") => (now: Layouts) =>
    ({ kind: "split", from: 0, onto: 2, side, ...shown(now, 4) }) as const;
  check(4, split("right"), "2 3 1 4 |");
  check(4, split("left"), "2 1 3 4 |");
  check(4, split("bottom"), "2 3 1 4 |");
});

test("a split without a pane makes a place that is free for who comes next", () => {
  const split = (now: Layouts) =>
    ({ kind: "split", from: null, onto: 0, side: "right", ...shown(now, 2) }) as const;
  check(2, split, "1 _ 2 |");
  const free = stepLayouts(usualLayouts, split(usualLayouts));
  expect(wordsOf(free, 3).trim()).toBe("1 3 2 |");
});

test("who sat in a place that is closed waits first", () => {
  check(3, (now) => ({ kind: "place-closed", place: 1, ...shown(now, 3) }), "1 3 | 2");
});

test("a layout that was saved comes back in a tab of its name", () => {
  const narrow = stepLayouts(usualLayouts, {
    kind: "shape-chosen",
    shape: { kind: "columns", columns: 2 },
  });
  const saved = stepLayouts(narrow, { kind: "saved", name: "Two" });
  const changed = stepLayouts(saved, { kind: "shape-chosen", shape: { kind: "focus" } });
  const opened = stepLayouts(changed, { kind: "saved-opened", name: "Two" });
  expect(opened.tabs.map(({ name }) => name)).toEqual(["All", "Two"]);
  expect(layoutOf(opened)?.shape).toEqual({ kind: "columns", columns: 2 });
  expect(stepLayouts(opened, { kind: "saved-opened", name: "Two" }).tabs).toHaveLength(2);
});

const small = fc.integer({ min: -1, max: 12 });
const name = fc.constantFrom(
  "All",
  "Two",
  " ",
  "A name that is longer than forty letters, for sure",
);
const asked = fc.oneof(
  fc.record({
    kind: fc.constant("split" as const),
    from: fc.option(small),
    onto: small,
    side: fc.constantFrom("left" as const, "right" as const, "top" as const, "bottom" as const),
  }),
  fc.record({ kind: fc.constant("place-closed" as const), place: small }),
  fc.record({ kind: fc.constant("swapped" as const), one: small, other: small }),
  fc.record({
    kind: fc.constant("resized" as const),
    path: fc.array(fc.nat(3), { maxLength: 3 }),
    shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
  }),
  fc.record({ kind: fc.constant("grouped" as const), grouping: fc.constantFrom(...GROUPINGS) }),
  fc.record({
    kind: fc.constant("shape-chosen" as const),
    shape: fc.record({ kind: fc.constant("grid" as const), panes: fc.constantFrom(...GRID_SIZES) }),
  }),
  fc.record({ kind: fc.constant("evened-out" as const) }),
  fc.record({
    kind: fc.constantFrom("saved" as const, "saved-opened" as const, "saved-removed" as const),
    name,
  }),
  fc.record({ kind: fc.constant("tab-added" as const), name, layout: fc.constant(null) }),
  fc.record({ kind: fc.constantFrom("tab-shown" as const, "tab-closed" as const), tab: small }),
  fc.record({ kind: fc.constant("tab-renamed" as const), tab: small, name }),
);

test("whatever a person does, the layouts can be kept and every pane is there once", () => {
  const story = fc.array(fc.tuple(asked, fc.nat(14)), { maxLength: 40 });
  fc.assert(
    fc.property(story, (steps) => {
      let layouts = usualLayouts;
      for (const [event, panes] of steps) {
        layouts = stepLayouts(layouts, { ...shown(layouts, panes), ...event });
        expect(LayoutsShape.safeParse(layouts).error).toBeUndefined();
        const names = layouts.tabs.map((tab) => tab.name);
        expect(new Set(names).size).toBe(names.length);
        const { seats } = shown(layouts, panes);
        expect(seats.filter((key) => key !== null).toSorted()).toEqual(present(panes).toSorted());
      }
    }),
  );
});
