import { expect, test } from "vitest";
import { type FollowSight, planFollow } from "./plan-follow.ts";

const calm: FollowSight = {
  inNeed: ["s-2", "s-3"],
  visited: new Set(),
  focused: "s-1",
  now: 10_000,
  typedAt: 0,
  isInForm: false,
};

test("the focus goes to who waits longest", () => {
  expect(planFollow(calm)).toEqual({ kind: "go", to: "s-2" });
  expect(planFollow({ ...calm, focused: null })).toEqual({ kind: "go", to: "s-2" });
});

test("it waits while the person types, and while a form is open", () => {
  expect(planFollow({ ...calm, typedAt: 9_000 })).toEqual({ kind: "wait", ms: 2_000 });
  expect(planFollow({ ...calm, isInForm: true })).toEqual({ kind: "wait", ms: 1_000 });
});

test("it stays where somebody is in need, and does not go back to who was left on purpose", () => {
  expect(planFollow({ ...calm, focused: "s-3" })).toEqual({ kind: "stay" });
  expect(planFollow({ ...calm, visited: new Set(["s-2"]) })).toEqual({ kind: "go", to: "s-3" });
  expect(planFollow({ ...calm, visited: new Set(["s-2", "s-3"]) })).toEqual({ kind: "stay" });
  expect(planFollow({ ...calm, inNeed: [] })).toEqual({ kind: "stay" });
});
