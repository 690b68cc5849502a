import { expect, test } from "vitest";
import type { Side } from "./layout-machine.ts";
import { neighbourOf, planDrop } from "./plan-drop.ts";
import { planPlaces } from "./plan-places.ts";
import { gridTree } from "./plan-tree.ts";

// 1 2 3 above, 4 and 5 below, each with 8 px between.
const { boxes } = planPlaces(gridTree(5, 3), 1208, 808);

test("the middle of a pane means its place, an edge means beside it, and elsewhere nothing", () => {
  const check = (x: number, y: number, place: number, side: string) =>
    expect(planDrop(boxes, x, y)).toMatchObject({ place, side });
  check(200, 200, 0, "swap");
  check(20, 200, 0, "left");
  check(380, 200, 0, "right");
  check(200, 10, 0, "top");
  check(900, 795, 4, "bottom");
  expect(planDrop(boxes, 401, 200)).toBeNull();
  expect(planDrop(boxes, -1, 200)).toBeNull();
});

test("what a drop at an edge would cover is half of the pane", () => {
  expect(planDrop(boxes, 900, 795)?.box).toEqual({ left: 608, top: 608, width: 600, height: 200 });
});

test("the next pane in a direction is the nearest there, and none at the edge", () => {
  const check = (from: number, side: Side, to: number | null) =>
    expect(neighbourOf(boxes, from - 1, side)).toBe(to === null ? null : to - 1);
  check(1, "right", 2);
  check(3, "right", null);
  check(3, "bottom", 5);
  check(1, "bottom", 4);
  check(5, "top", 3);
  check(5, "left", 4);
  check(4, "left", null);
});
