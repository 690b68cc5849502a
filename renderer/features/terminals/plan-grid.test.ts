import { expect, test } from "vitest";
import { type Layout, type Shape, usualLayout } from "../../../shared/model/layouts.ts";
import { autoColumns, planGrid } from "./plan-grid.ts";
import { countPlaces } from "./plan-tree.ts";

const seats = (panes: number) =>
  Array.from({ length: panes }, (_, at) => {
    const key = at % 2 === 0 ? "even" : "odd";
    return { key: `t-${at + 1}`, group: { key, title: key } };
  });

function plan(panes: number, more: Partial<Layout>, focused: string | null = null) {
  const grid = planGrid({ ...usualLayout, ...more }, seats(panes), focused);
  expect(countPlaces(grid.tree)).toBe(Math.max(1, grid.places));
  return {
    grid: grid.seats.slice(0, grid.places),
    strip: grid.seats.slice(grid.places),
    sections: grid.sections?.map(({ title, tree }) => `${title} ${countPlaces(tree)}`),
  };
}
const check = (panes: number, shape: Shape, grid: number, strip: number) => {
  const planned = plan(panes, { shape });
  expect([planned.grid.length, planned.strip.length]).toEqual([grid, strip]);
};

test("each arrangement has its panes in the grid and the rest in the strip", () => {
  check(3, { kind: "auto" }, 3, 0);
  check(40, { kind: "auto" }, 25, 15);
  check(3, { kind: "grid", panes: 9 }, 3, 0);
  check(12, { kind: "grid", panes: 9 }, 9, 3);
  check(12, { kind: "focus" }, 1, 11);
  check(60, { kind: "columns", columns: 4 }, 60, 0);
  check(0, { kind: "auto" }, 0, 0);
});

test("with the focus on one, that is the one", () => {
  expect(plan(3, { shape: { kind: "focus" } }, "t-2")).toMatchObject({
    grid: ["t-2"],
    strip: ["t-1", "t-3"],
  });
});

test("groups stand one below the other, and those who wait are the last", () => {
  const planned = plan(7, { grouping: "profile", shape: { kind: "grid", panes: 4 } });
  expect(planned.sections).toEqual(["even 4"]);
  expect(planned.grid).toEqual(["t-1", "t-3", "t-5", "t-7"]);
  expect(planned.strip).toEqual(["t-2", "t-4", "t-6"]);
  expect(plan(5, { grouping: "profile" }).sections).toEqual(["even 3", "odd 2"]);
});

test("panes stay where a person put them while others come and go", () => {
  const seated = plan(4, { seats: ["t-3", "t-9", "t-1"] });
  expect(seated.grid).toEqual(["t-3", "t-2", "t-1", "t-4"]);
});

test("fills the grid without a gap at 1, 2, 4, 6, 9, 16 and 25 panes", () => {
  for (const panes of [1, 2, 4, 6, 9, 16, 25]) expect(panes % autoColumns(panes)).toBe(0);
});
