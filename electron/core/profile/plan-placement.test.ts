import fc from "fast-check";
import { expect, test } from "vitest";
import { ProfileName } from "../../../shared/model/ids.ts";
import { effectiveCap, ProfileState } from "../../../shared/model/profile.ts";
import { Strategy } from "../../../shared/model/project.ts";
import { type Candidate, type PlacementQuestion, planPlacement } from "./plan-placement.ts";

const NOW = "2026-11-21T09:00:00.000Z";
const name = (text: string) => ProfileName.parse(text);
const none = { fiveHour: null, sevenDay: null };
const window = (usedPercent: number, resetsAt = "2026-11-21T11:00:00.000Z") => ({
  usedPercent,
  resetsAt,
  measuredAt: "2026-11-21T08:00:00.000Z",
  source: "statusline" as const,
});

function profile(text: string, patch: Partial<Candidate> = {}): Candidate {
  return {
    name: name(text),
    state: "ready",
    reason: null,
    restsUntil: null,
    cap: 2,
    learnedCap: null,
    live: 0,
    windows: none,
    order: 0,
    ...patch,
  };
}

function ask(candidates: readonly Candidate[], patch: Partial<PlacementQuestion> = {}) {
  return planPlacement({
    strategy: "fill",
    candidates,
    pinned: null,
    preferred: null,
    last: null,
    now: NOW,
    zone: "UTC",
    ...patch,
  });
}

function checkPlaced(
  candidates: readonly Candidate[],
  patch: Partial<PlacementQuestion>,
  profile: string,
) {
  expect(ask(candidates, patch)).toMatchObject({ kind: "placed", profile });
}

function checkNone(candidates: readonly Candidate[], reasons: readonly string[], pinned?: string) {
  const question = pinned === undefined ? {} : { pinned: name(pinned) };
  expect(ask(candidates, question)).toEqual({ kind: "none", reasons });
}

const a = profile("a");
const b = profile("b", { order: 1 });
const full = profile("full", { live: 2 });

test("fill takes the first in order with room", () => {
  checkPlaced([b, a], {}, "a");
  checkPlaced([full, b], {}, "b");
});

test("round robin goes on after the last one, around the end, past who is full", () => {
  const ring = { strategy: "round-robin" as const };
  checkPlaced([a, b], ring, "a");
  checkPlaced([a, b], { ...ring, last: name("a") }, "b");
  checkPlaced([a, b], { ...ring, last: name("b") }, "a");
  const c = profile("c", { order: 2 });
  checkPlaced([a, { ...b, live: 2 }, c], { ...ring, last: name("a") }, "c");
});

test("least loaded looks at slots and at windows, whichever leaves less", () => {
  const least = { strategy: "least-loaded" as const };
  checkPlaced([{ ...a, live: 1 }, b], least, "b");
  const spent = { fiveHour: window(80), sevenDay: null };
  checkPlaced(
    [
      { ...a, windows: spent },
      { ...b, live: 1 },
    ],
    least,
    "b",
  );
  const over = { fiveHour: window(80, "2026-11-21T08:59:00.000Z"), sevenDay: null };
  checkPlaced(
    [
      { ...a, windows: over },
      { ...b, live: 1 },
    ],
    least,
    "a",
  );
});

test("the reason says what was seen", () => {
  const busy = {
    ...a,
    live: 1,
    windows: { fiveHour: window(42), sevenDay: window(7, "2026-11-28T09:00:00.000Z") },
  };
  expect(ask([busy], { strategy: "least-loaded" })).toEqual({
    kind: "placed",
    profile: "a",
    strategy: "least-loaded",
    reason:
      "it has the most room: 1 of 2 slots in use, 42 % of five hours and 7 % of the week used",
  });
});

test("a conversation goes on where it is, when there is room", () => {
  checkPlaced([a, b], { preferred: name("b") }, "b");
  checkPlaced([a, { ...b, live: 2 }], { preferred: name("b") }, "a");
});

test("a pinned task goes to its profile or nowhere", () => {
  checkPlaced([a, b], { pinned: name("b"), preferred: name("a") }, "b");
  checkNone([a, full], ["full is full: 2 of 2 sessions"], "full");
  checkNone([a], ["The task is pinned to gone, and there is no such profile."], "gone");
});

test("a full profile says how many of its sessions wait for the person", () => {
  const waiting = (count: number) => ({ waiting: new Map([[full.name, count]]) });
  expect(ask([full], waiting(2))).toEqual({
    kind: "none",
    reasons: ["full is full: 2 of 2 sessions, 2 of them wait for you: switchyard inbox"],
  });
  expect(ask([full], waiting(1))).toEqual({
    kind: "none",
    reasons: ["full is full: 2 of 2 sessions, 1 of them waits for you: switchyard inbox"],
  });
});

test("who takes no work says why, each in a sentence", () => {
  checkNone(
    [
      profile("a", { live: 1, cap: 1 }),
      profile("b", { live: 3, cap: 5, learnedCap: 3 }),
      profile("c", { state: "resting", restsUntil: "2026-11-21T11:00:00.000Z", reason: "limit" }),
      profile("d", { state: "signed-out", reason: "nobody is signed in" }),
      profile("e", { state: "incident", reason: "ANTHROPIC_API_KEY would be billed" }),
      profile("f", { state: "disabled" }),
      profile("g", { windows: { fiveHour: window(100), sevenDay: null } }),
    ],
    [
      "a is full: 1 of 1 session",
      "b is full: 3 of 3 sessions (the provider refused more; its cap is 5)",
      "c rests until Sat 21 Nov, 11:00 (UTC): limit",
      "d is signed out: nobody is signed in; sign in with: switchyard profile login d",
      "e takes no work: ANTHROPIC_API_KEY would be billed; once that is mended: switchyard profile check e",
      "f is disabled",
      "g has used up its five-hour window until Sat 21 Nov, 11:00 (UTC)",
    ],
  );
  checkNone([], ["There is no profile yet: add one with switchyard profile add."]);
});

test("what a clock measured that ran a year ahead and was set back holds no profile back", () => {
  const yearAhead = {
    ...window(100, "2027-11-24T09:00:00.000Z"),
    measuredAt: "2027-11-21T09:00:00.000Z",
  };
  const windows = { fiveHour: yearAhead, sevenDay: yearAhead };
  const burn = { fiveHour: 50, sevenDay: 50 };
  for (const strategy of Strategy.options)
    checkPlaced([{ ...a, windows, live: 1, burn }], { strategy }, "a");
  expect(ask([{ ...a, windows }], { strategy: "least-loaded" })).toMatchObject({
    reason: expect.stringContaining("0 % of five hours and 0 % of the week used"),
  });
});

test("a profile nobody has checked may be tried", () =>
  checkPlaced([{ ...a, state: "unchecked" }], {}, "a"));

test("least loaded takes first what would be lost at the next reset", () => {
  const least = { strategy: "least-loaded" as const };
  const week = (usedPercent: number, resetsAt: string) => ({
    fiveHour: null,
    sevenDay: window(usedPercent, resetsAt),
  });
  const tomorrow = { ...a, live: 1, windows: week(40, "2026-11-22T09:00:00.000Z") };
  const inSixDays = { ...b, windows: week(5, "2026-11-27T09:00:00.000Z") };
  checkPlaced([tomorrow, inSixDays], least, "a");
  expect(ask([tomorrow, inSixDays], least)).toMatchObject({
    reason:
      "it has quota that would be lost at the next reset: 1 of 2 slots in use, 0 % of five hours and 40 % of the week used",
  });
});

test("least loaded leaves what is left of a window to those that run there, once their burn is known", () => {
  const least = { strategy: "least-loaded" as const };
  const short = {
    ...a,
    cap: 10,
    live: 4,
    windows: { fiveHour: window(96), sevenDay: null },
    burn: { fiveHour: 4, sevenDay: null },
  };
  expect(ask([short], least)).toEqual({
    kind: "none",
    reasons: [
      "a keeps the 4 % that are left of its five-hour window until Sat 21 Nov, 11:00 (UTC) for the 4 sessions that run there: with one more all would have to stop",
    ],
  });
  checkPlaced([short, b], least, "b");
  checkPlaced([{ ...short, live: 0 }], least, "a");
  const soon = { fiveHour: window(96, "2026-11-21T09:30:00.000Z"), sevenDay: null };
  checkPlaced([{ ...short, windows: soon }], least, "a");
  checkPlaced([{ ...short, burn: { fiveHour: null, sevenDay: null } }], least, "a");
  checkPlaced([short], { strategy: "fill" }, "a");
});

test("weighted shares sessions by weight, and by caps where no weight is given", () => {
  const big = profile("big", { cap: 10, live: 3 });
  const small = profile("small", { cap: 10, live: 1, order: 1 });
  checkPlaced([big, small], { strategy: "weighted" }, "small");
  checkPlaced([big, small], { strategy: "weighted", weights: { big: 3, small: 1 } }, "big");
  expect(ask([big, small], { strategy: "weighted", weights: { big: 3 } })).toMatchObject({
    profile: "small",
    reason: "it has the fewest for its weight: 1 session of a weight of 10",
  });
});

test("a profile that is called like something every object has weighs as much as its cap", () => {
  const odd = profile("constructor", { cap: 10, live: 3 });
  const small = profile("small", { cap: 10, live: 1, order: 1 });
  checkPlaced([odd, small], { strategy: "weighted", weights: { small: 10 } }, "small");
});

const ui = { name: "ui", profiles: ["b"], labels: ["ui"], roles: [] };
const stewards = { name: "stewards", profiles: ["a"], labels: [], roles: ["steward"] as const };

test("a pool takes the tasks of its labels, and sessions of its roles", () => {
  const pools = [ui, stewards];
  checkPlaced([a, b], { pools }, "a");
  checkPlaced([a, b], { pools, labels: ["ui", "other"] }, "b");
  checkPlaced([a, b], { pools, role: "steward" }, "a");
  checkPlaced([a, b], { pools, role: "steward", labels: ["ui"] }, "b");
  checkPlaced([a, b], { pools, labels: ["ui"], pinned: name("a") }, "a");
  checkPlaced([a, b], { pools, labels: ["ui"], preferred: name("a") }, "b");
  expect(ask([a, b], { pools, labels: ["ui"] })).toMatchObject({
    strategy: "pool",
    reason: "it is the only profile of the pool ui",
  });
  const wide = { ...ui, profiles: ["a", "b"] };
  expect(ask([a, b], { pools: [wide], labels: ["ui"] })).toMatchObject({
    strategy: "fill",
    reason: "of the pool ui, it is the first in order with room",
  });
});

test("a pool that is full, or of profiles that do not exist, is waited for by name", () => {
  const busy = { ...b, live: 2 };
  const asked = { pools: [ui], labels: ["ui"] };
  expect(ask([a, busy], asked)).toEqual({
    kind: "none",
    reasons: ["b is full: 2 of 2 sessions"],
  });
  expect(ask([a], asked)).toEqual({
    kind: "none",
    reasons: ["It goes to the pool ui (b), and no such profile exists."],
  });
});

test("workers leave the reserve, which the person and the steward take", () => {
  const reserve = { slots: 1, windowPercent: 10 };
  checkPlaced([{ ...a, live: 1 }, b], { reserve }, "a");
  const full = { ...b, live: 2 };
  expect(ask([{ ...a, live: 1 }, full], { reserve })).toEqual({
    kind: "none",
    reasons: [
      "1 of 4 slots is free, and 1 is kept for you and the steward (dispatch.reserve.slots)",
    ],
  });
  checkPlaced([{ ...a, live: 1 }, full], { reserve: null }, "a");
  const late = { ...a, windows: { fiveHour: window(92), sevenDay: null } };
  expect(ask([late], { reserve })).toEqual({
    kind: "none",
    reasons: [
      "a has used 92 % of its five-hour window, of the 90 % it may until Sat 21 Nov, 11:00 (UTC)",
    ],
  });
  checkPlaced([late], { reserve: null }, "a");
});

test("a reserve never takes the last slot from workers", () =>
  checkPlaced([{ ...a, cap: 1 }], { reserve: { slots: 5, windowPercent: 0 } }, "a"));

const anyCandidates = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom("p1", "p2", "p3", "p4").map(name),
    state: fc.constantFrom(...ProfileState.options),
    cap: fc.integer({ min: 1, max: 4 }),
    learnedCap: fc.option(fc.nat(4)),
    live: fc.nat(5),
    order: fc.nat(3),
    windows: fc
      .option(fc.integer({ min: 0, max: 120 }))
      .map((percent) => (percent === null ? none : { fiveHour: window(percent), sevenDay: null })),
    reason: fc.constant(null),
    restsUntil: fc.constant(null),
    burn: fc.record({
      fiveHour: fc.option(fc.double({ min: 0, max: 90, noNaN: true })),
      sevenDay: fc.constant(null),
    }),
  }),
  { selector: (candidate) => candidate.name },
);
const anyName = fc.option(fc.constantFrom("p1", "p2", "p3", "p4", "gone").map(name));
const anyQuestion = fc.record({
  strategy: fc.constantFrom(...Strategy.options),
  candidates: anyCandidates,
  pinned: anyName,
  preferred: anyName,
  last: anyName,
  now: fc.constant(NOW),
  labels: fc.subarray(["ui", "db"]),
  pools: fc.array(
    fc.record({
      name: fc.constantFrom("one", "two"),
      profiles: fc.subarray(["p1", "p2", "p3"]),
      labels: fc.subarray(["ui", "db"]),
      roles: fc.subarray(["worker" as const, "steward" as const]),
    }),
    { maxLength: 2 },
  ),
  weights: fc.constantFrom({}, { p1: 3, p2: 0.5 }),
  reserve: fc.option(fc.record({ slots: fc.nat(3), windowPercent: fc.nat(30) })),
});

test("no strategy ever passes a cap, wakes a profile that takes no work, or leaves a pin", () => {
  fc.assert(
    fc.property(anyQuestion, (question) => {
      const placement = planPlacement(question);
      if (placement.kind === "none") return;
      const chosen = question.candidates.find(({ name }) => name === placement.profile);
      expect(chosen).toBeDefined();
      if (!chosen) return;
      expect(chosen.live).toBeLessThan(effectiveCap(chosen));
      expect(["ready", "unchecked"]).toContain(chosen.state);
      if (question.pinned !== null) expect(chosen.name).toBe(question.pinned);
      expect(chosen.windows.fiveHour?.usedPercent ?? 0).toBeLessThan(
        100 - (question.reserve?.windowPercent ?? 0),
      );
      expect(placement.reason).not.toBe("");
    }),
  );
});

test("the order in which profiles are listed changes nothing", () => {
  fc.assert(
    fc.property(anyQuestion, (question) => {
      const candidates = question.candidates.toReversed();
      expect(planPlacement({ ...question, candidates })).toEqual(planPlacement(question));
    }),
  );
});

test("work is refused only when no profile could take it", () => {
  fc.assert(
    fc.property(anyQuestion, (question) => {
      const bare = { ...question, pinned: null, pools: [], reserve: null };
      const candidates = question.candidates.map(({ burn: _, ...candidate }) => candidate);
      const placement = planPlacement({ ...bare, candidates });
      const isOpen = (candidate: Candidate) =>
        candidate.live < effectiveCap(candidate) &&
        (candidate.state === "ready" || candidate.state === "unchecked") &&
        (candidate.windows.fiveHour?.usedPercent ?? 0) < 100;
      expect(placement.kind).toBe(question.candidates.some(isOpen) ? "placed" : "none");
    }),
  );
});

test("an idle profile that has room is never held back for its burn", () => {
  fc.assert(
    fc.property(anyQuestion, (question) => {
      const bare = { ...question, pinned: null, pools: [], reserve: null };
      const candidates = question.candidates.map((candidate) => ({ ...candidate, live: 0 }));
      const withoutBurn = candidates.map(({ burn: _, ...candidate }) => candidate);
      expect(planPlacement({ ...bare, candidates }).kind).toBe(
        planPlacement({ ...bare, candidates: withoutBurn }).kind,
      );
    }),
  );
});

test("a profile at the ceiling of its window takes no more, and says so", () => {
  const most = profile("most", { windows: { fiveHour: window(91), sevenDay: null } });
  checkPlaced([most], {}, "most");
  expect(ask([most], { ceilingPercent: 90 })).toEqual({
    kind: "none",
    reasons: [
      "most has used 91 % of its five-hour window, of the 90 % it may until Sat 21 Nov, 11:00 (UTC)",
    ],
  });
  checkPlaced([most, b], { ceilingPercent: 90 }, "b");
});
