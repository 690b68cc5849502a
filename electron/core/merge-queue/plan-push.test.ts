import { expect, test } from "vitest";
import type { PushProblem, PushState } from "../../../shared/model/push-state.ts";
import { nextTry, planPush } from "./plan-push.ts";

const [one, two] = ["1".repeat(40), "2".repeat(40)];
const now = Date.parse("2026-11-21T12:00:00.000Z");
const in1Min = new Date(now + 60_000).toISOString();
const pushed = { commit: one, until: in1Min, at: in1Min };

function check(landed: string | null, own: Partial<PushState>, nowMs = now) {
  const state = { remote: "origin", target: "main", pushed: null, underWay: null, problem: null };
  return planPush(landed, { ...state, ...own }, nowMs).kind;
}
const trouble = (nextAt: string | null): Partial<PushState> => ({
  problem: { kind: "away", text: "", hint: "", commit: one, since: in1Min, tries: 1, nextAt },
});

test("what landed and is not there is pushed, and nothing else", () => {
  expect(planPush(null, null, now).kind).toBe("rest");
  expect(planPush(one, null, now).kind).toBe("push");
  expect(check(one, { pushed })).toBe("rest");
  expect(check(two, { pushed })).toBe("push");
});

test("a push that a crash cut off is made once more", () => {
  expect(check(two, { pushed, underWay: { commit: two, at: in1Min } })).toBe("push");
});

test("after trouble it waits for its time, unless a person asks, another landing comes, or the clock was set back", () => {
  expect(check(one, trouble(in1Min))).toBe("rest");
  expect(check(one, trouble(in1Min), now + 60_000)).toBe("push");
  expect(check(one, trouble(null))).toBe("push");
  expect(check(two, trouble(in1Min))).toBe("push");
  expect(check(one, trouble(in1Min), now - 3_600_000)).toBe("push");
});

test.each<[PushProblem["kind"], number, number]>([
  ["away", 1, 30],
  ["away", 2, 60],
  ["away", 5, 480],
  ["away", 6, 900],
  ["away", 400, 900],
  ["rejected", 1, 900],
  ["sign-in", 9, 900],
])("%s is tried again for the %i. time after %i s", (kind, tries, seconds) => {
  expect(nextTry(kind, tries, now)).toBe(new Date(now + seconds * 1_000).toISOString());
});
