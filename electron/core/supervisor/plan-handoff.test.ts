import fc from "fast-check";
import { expect, test } from "vitest";
import type { SessionState } from "../../../shared/model/session.ts";
import { type HandoffView, handoffLimits, planHandoff } from "./plan-handoff.ts";

const WINDOW = 200_000;
const working: HandoffView = {
  state: "working",
  sinceMs: 60_000,
  context: { tokens: 100_000, window: WINDOW },
  setting: undefined,
  ask: null,
  isForPerson: false,
  isFinishing: false,
};
const at = (tokens: number, more: Partial<HandoffView> = {}): HandoffView => ({
  ...working,
  context: { tokens, window: WINDOW },
  ...more,
});
const kindOf = (view: HandoffView) => planHandoff(view).kind;
const asked = { times: 1, isDelivered: true };
const lost = { times: 1, isDelivered: false };

test.each([
  ["140,000 tokens of a large window", undefined, 1_000_000, 140_000, 175_000],
  ["the same of the usual window", undefined, WINDOW, 140_000, 170_000],
  ["a share of a small one", undefined, 100_000, 70_000, 85_000],
  ["as many tokens as are set", 30_000, WINDOW, 30_000, 37_500],
  ["the share that is set", "50%", WINDOW, 100_000, 125_000],
  ["a share above the second threshold, which then is the same", "95%", WINDOW, 190_000, 190_000],
])("a session is asked at %s", (_, setting, window, askAt, takeAt) => {
  expect(handoffLimits(setting, window)).toMatchObject({ askAt, takeAt });
});

test("whoever has room is left alone, and so is everyone where it is off", () => {
  expect(kindOf(at(139_999))).toBe("none");
  expect(kindOf(at(199_000, { setting: "off" }))).toBe("none");
});

test("a session that fills up is asked once, at work or at rest", () => {
  expect(kindOf(at(140_000))).toBe("ask");
  expect(kindOf(at(140_000, { state: "idle" }))).toBe("ask");
  expect(kindOf(at(150_000, { ask: lost }))).toBe("none");
});

test("who took the message and ended its turn without a note has one written for it", () => {
  expect(kindOf(at(150_000, { ask: asked }))).toBe("none");
  expect(kindOf(at(150_000, { ask: asked, state: "idle" }))).toBe("take");
  // It may have been typed while that turn ran, and is then taken up now.
  expect(kindOf(at(150_000, { ask: asked, state: "idle", sinceMs: 200 }))).toBe("wait");
});

test("a message that was not taken up after the turn is sent once more, then the note is written", () => {
  const idle = (sinceMs: number, times = 1) =>
    kindOf(at(150_000, { ask: { ...lost, times }, state: "idle", sinceMs }));
  expect([idle(100), idle(5_000), idle(5_000, 2)]).toEqual(["wait", "ask", "take"]);
});

test("at the second threshold nothing is asked any more", () => {
  expect(kindOf(at(170_000))).toBe("take");
  expect(kindOf(at(170_000, { state: "idle", ask: asked }))).toBe("take");
});

test("who was cut short waits for the person, unless its context is full", () => {
  expect(kindOf(at(175_000, { state: "interrupted", isForPerson: true }))).toBe("none");
  expect(kindOf(at(190_000, { state: "interrupted", isForPerson: true }))).toBe("take");
});

test("who has room again after a compaction is asked anew when it fills up again", () => {
  expect(kindOf(at(20_000, { ask: asked, state: "idle" }))).toBe("forget");
  expect(kindOf({ ...working, context: null, ask: asked })).toBe("forget");
});

const anyState = fc.constantFrom<SessionState>(
  "starting",
  "working",
  "needs-input",
  "idle",
  "limited",
  "interrupted",
  "unknown",
);
const anyChange = fc.record(
  {
    state: anyState,
    grows: fc.integer({ min: 0, max: 20_000 }),
    isTakenUp: fc.boolean(),
    isFinishing: fc.boolean(),
    isForPerson: fc.boolean(),
  },
  { requiredKeys: [] },
);

test("whatever happens, a filling session is asked at most twice in vain and never passes the second threshold at work", () => {
  fc.assert(
    fc.property(fc.array(anyChange, { maxLength: 80 }), (changes) => {
      let view = at(100_000);
      for (const { grows = 0, isTakenUp, ...change } of changes) {
        view = {
          ...view,
          ...change,
          context: { tokens: (view.context?.tokens ?? 0) + grows, window: WINDOW },
        };
        if (view.ask && isTakenUp) view = { ...view, ask: { ...view.ask, isDelivered: true } };
        const step = planHandoff(view);
        // Looked at again after a crash it says the same.
        expect(planHandoff({ ...view })).toEqual(step);
        const tokens = view.context?.tokens ?? 0;
        const isReachable = view.state === "working" || view.state === "idle";
        if (step.kind === "ask") {
          expect(isReachable && !view.isForPerson && !view.isFinishing).toBe(true);
          view = { ...view, ask: { times: (view.ask?.times ?? 0) + 1, isDelivered: false } };
        }
        expect(view.ask?.times ?? 0).toBeLessThanOrEqual(2);
        if (step.kind === "take") {
          expect(isReachable || view.state === "interrupted").toBe(true);
          expect(view.isFinishing).toBe(false);
          return;
        }
        const isFree = isReachable && !view.isFinishing && !view.isForPerson;
        if (isFree) expect(tokens).toBeLessThan(170_000);
      }
    }),
  );
});
