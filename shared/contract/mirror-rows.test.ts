import { expect, test } from "vitest";
import { Event } from "../model/event.ts";
import { Plan } from "../model/plan.ts";
import { Profile } from "../model/profile.ts";
import { applyChanged, emptyMirror, fromSnapshot, KEPT_EVENTS } from "./mirror-rows.ts";
import type { Changed } from "./rows.ts";

const AT = "2026-11-21T09:00:00.000Z";
const plan = (id: string, title: string) =>
  Plan.parse({ id, title, project: "shop", state: "active", createdAt: AT });
const profile = (name: string, live = 0) =>
  Profile.parse({
    name,
    provider: "claude",
    plan: "max",
    dir: null,
    cap: 10,
    learnedCap: null,
    executable: null,
    colour: null,
    browser: null,
    envNames: [],
    state: "ready",
    reason: null,
    restsUntil: null,
    account: null,
    checkedAt: null,
    moves: "none",
    live,
    windows: { fiveHour: null, sevenDay: null },
    order: 1,
  });
const event = (seq: number) =>
  Event.parse({ seq, at: AT, kind: "task.created", subject: "t-1", data: {}, cause: "person" });
const changed = (seq: number, more: Partial<Changed> = {}): Changed => ({
  seq,
  events: [],
  rows: {},
  removed: { projects: [], profiles: [] },
  ...more,
});
const { seq: _seq, events: _events, isFilled: _isFilled, ...noRows } = emptyMirror;
const filled = fromSnapshot({
  seq: 5,
  rows: {
    ...noRows,
    plans: [plan("p-1", "One"), plan("p-2", "Two")],
    profiles: [profile("max-1")],
  },
  recent: [event(4), event(5)],
});

test("puts a changed row in the place of the old one and a new one at the end", () => {
  const after = applyChanged(
    filled,
    changed(6, { rows: { plans: [plan("p-3", "Three"), plan("p-1", "Uno")] } }),
  );
  expect(after.plans.map((each) => each.title)).toEqual(["Uno", "Two", "Three"]);
});

test("keeps what did not change as it is, so that nothing is drawn for it", () => {
  const after = applyChanged(filled, changed(6, { rows: { profiles: [profile("max-1", 2)] } }));
  expect(after.plans).toBe(filled.plans);
  expect(after.profiles[0]?.live).toBe(2);
});

test("takes gauges, which come without a new event, and nothing that is older", () => {
  const gauge = { rows: { profiles: [profile("max-1", 3)] } };
  expect(applyChanged(filled, changed(5, gauge)).profiles[0]?.live).toBe(3);
  expect(applyChanged(filled, changed(4, gauge))).toBe(filled);
});

test("forgets removed profiles", () => {
  const removed = { projects: [], profiles: [profile("max-1").name] };
  expect(applyChanged(filled, changed(6, { removed })).profiles).toEqual([]);
});

test("shows no event twice and does not keep them without end", () => {
  const again = applyChanged(filled, changed(6, { events: [event(5), event(6)] }));
  expect(again.events.map((each) => each.seq)).toEqual([4, 5, 6]);
  const many = Array.from({ length: KEPT_EVENTS }, (_, index) => event(7 + index));
  expect(applyChanged(again, changed(9_000, { events: many })).events).toHaveLength(KEPT_EVENTS);
});

test("rows that are told again and say the same stay the very same, and so does their list", () => {
  const before = applyChanged(
    emptyMirror,
    changed(1, { rows: { plans: [plan("p-1", "one"), plan("p-2", "two")] } }),
  );
  const again = applyChanged(
    before,
    changed(2, { rows: { plans: [plan("p-1", "one"), plan("p-2", "2")] } }),
  );
  expect(again.plans[0]).toBe(before.plans[0]);
  expect(again.plans[1]?.title).toBe("2");
  const same = applyChanged(
    again,
    changed(3, { rows: { plans: [plan("p-2", "2"), plan("p-1", "one")] } }),
  );
  expect(same.plans).toBe(again.plans);
});
