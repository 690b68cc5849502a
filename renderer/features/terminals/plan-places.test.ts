import fc from "fast-check";
import { expect, test } from "vitest";
import { inView, planPlaces, planSections } from "./plan-places.ts";
import { gridTree, moveSeparator, setShares, splitAt } from "./plan-tree.ts";

test("panes cover the surface without a gap or an overlap, however many and wherever their edges were moved", () => {
  const moves = fc.array(
    fc.tuple(fc.nat(4), fc.nat(4), fc.double({ min: -1, max: 1, noNaN: true })),
    {
      maxLength: 6,
    },
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 25 }),
      fc.integer({ min: 1, max: 5 }),
      moves,
      (panes, columns, moved) => {
        let tree = gridTree(panes, columns);
        for (const [row, at, by] of moved) {
          for (const path of [[], [row]]) {
            const shares = splitAt(tree, path)?.shares;
            if (shares) tree = setShares(tree, path, moveSeparator(shares, at, by));
          }
        }
        const { boxes, height } = planPlaces(tree, 1200, 700);
        expect(boxes).toHaveLength(panes);
        for (const [index, box] of boxes.entries()) {
          expect(box.width).toBeGreaterThanOrEqual(120);
          expect(box.height).toBeGreaterThanOrEqual(146);
          expect(box.left + box.width).toBeLessThanOrEqual(1200);
          expect(box.top + box.height).toBeLessThanOrEqual(height);
          for (const other of boxes.slice(index + 1)) {
            const isApart =
              other.left >= box.left + box.width + 8 ||
              box.left >= other.left + other.width + 8 ||
              other.top >= box.top + box.height + 8;
            expect(isApart).toBe(true);
          }
        }
      },
    ),
  );
});

test("the last row has what is left, across the whole width", () => {
  const { boxes } = planPlaces(gridTree(5, 3), 1208, 808);
  expect(boxes.map(({ width }) => width)).toEqual([397, 398, 397, 600, 600]);
  expect(boxes[4]).toEqual({ left: 608, top: 408, width: 600, height: 400 });
});

test("the surface grows downwards where panes would get too low", () => {
  expect(planPlaces(gridTree(25, 5), 1200, 600).height).toBe(5 * 146 + 4 * 8);
});

test("a separator says which panes it is between, and goes no further than they have room", () => {
  const tree = gridTree(4, 2);
  const { separators } = planPlaces(tree, 1208, 808);
  expect(separators.map(({ axis, between }) => [axis, ...between])).toEqual([
    ["row", 0, 1],
    ["column", 0, 2],
    ["row", 2, 3],
  ]);
  expect(moveSeparator([0.5, 0.5], 0, 0.7)).toEqual([0.98, 0.020000000000000018]);
});

test("sections have a heading each and as much height as their rows need", () => {
  const sections = [
    { title: "max-1", tree: gridTree(4, 2) },
    { title: "max-2", tree: gridTree(1, 2) },
  ];
  const { boxes, headings, separators } = planSections(sections, 1208, 800);
  expect(headings.map(({ title, box }) => [title, box.top])).toEqual([
    ["max-1", 0],
    ["max-2", 528],
  ]);
  expect(boxes).toHaveLength(5);
  expect(separators.every(({ path }) => path[0] === 0)).toBe(true);
});

test("of a surface that scrolls only what is in view is there", () => {
  const { boxes } = planPlaces(gridTree(100, 5), 1200, 600);
  const seen = inView(boxes, 1_540, 600).flatMap((isSeen, at) => (isSeen ? [at] : []));
  expect(seen[0]).toBe(50);
  expect(seen).toHaveLength(20);
});
