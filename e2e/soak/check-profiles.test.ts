import { expect, test } from "vitest";
import { ProfileName } from "../../shared/model/ids.ts";
import { checkProfiles } from "./check-profiles.ts";
import type { ProfilesRun, RunCall, RunSession } from "./profiles-run.ts";

const MINUTE_MS = 60_000;
const [ONE, TWO, THREE] = ["one", "two", "three"];

function session(n: number, profile: string, startedMs: number): RunSession {
  const providerSession = `conversation-${n}`;
  return { id: `s-${n}`, task: `t-${n}`, profile, providerSession, startedMs, endedMs: null };
}

function call(n: number, profile: string, startMs: number, endMs: number, status: number): RunCall {
  return { role: "main", session: `conversation-${n}`, profile, status, startMs, endMs };
}

function change(atMs: number, profile: string, from: string, to: string): Change {
  return { atMs, profile, from, to, restsUntilMs: null, learnedCap: null };
}
type Change = ProfilesRun["changes"][number];

/**
 * Four tasks: the first waits for the window of `one`, which is used up from 20 s to 40 s; the second for the login of `two`,
 * refused from 20 s to 30 s; the third and fourth run one after another on `three`, whose second session was refused.
 */
function good(): ProfilesRun {
  const sessions = [
    session(1, ONE, 0),
    session(2, TWO, 0),
    session(3, THREE, 0),
    session(4, THREE, 100),
    { ...session(4, THREE, 50_500), id: "s-5" },
  ];
  return {
    startedMs: 0,
    tasks: [1, 2, 3, 4].map((n) => ({
      id: `t-${n}`,
      status: "landed",
      reason: null,
      landedMs: 100_000,
    })),
    sessions,
    calls: [
      call(1, ONE, 1_000, 19_000, 200),
      call(1, ONE, 21_000, 21_100, 429),
      call(1, ONE, 41_500, 80_000, 200),
      call(2, TWO, 1_000, 19_000, 200),
      call(2, TWO, 21_000, 21_100, 401),
      call(2, TWO, 30_500, 60_000, 200),
      call(3, THREE, 1_000, 50_000, 200),
      call(4, THREE, 1_500, 1_600, 429),
      call(4, THREE, 51_000, 99_000, 200),
    ],
    changes: [
      { ...change(2_000, THREE, "ready", "ready"), learnedCap: 1 },
      { ...change(21_200, ONE, "ready", "resting"), restsUntilMs: 41_000 },
      change(21_200, TWO, "ready", "signed-out"),
      change(30_100, TWO, "signed-out", "ready"),
      change(41_000, ONE, "resting", "ready"),
    ],
    profiles: [
      { name: ONE, cap: 1 },
      { name: TWO, cap: 1 },
      { name: THREE, cap: 2 },
    ],
    troubles: [
      { kind: "window", profile: ONE, fromMs: 20_000, untilMs: 40_000 },
      { kind: "login", profile: TWO, fromMs: 20_000, untilMs: 30_000 },
      { kind: "crowded", profile: THREE, admitted: 1 },
    ],
    aloneMs: { before: 1_000, after: 500 },
    looks: [look(THREE, 1, [3])],
  };
}

/** At ten seconds. */
function look(name: string, live: number, conversations: readonly number[]): Look {
  const none = { windows: { fiveHour: null, sevenDay: null }, state: "ready" as const, cap: 1 };
  const shown = conversations.map((n) => ({
    kind: "worker" as const,
    state: "working" as const,
    profile: ProfileName.parse(name),
    providerSession: `conversation-${n}`,
    endedAt: null,
  }));
  const others = [ONE, TWO, THREE].filter((each) => each !== name);
  const meter = (each: string, count: number) => ({
    ...none,
    name: ProfileName.parse(each),
    live: count,
  });
  const alone = others.map((each, n) => ({
    kind: "worker" as const,
    state: "working" as const,
    profile: ProfileName.parse(each),
    providerSession: `conversation-${n + 1}`,
    endedAt: null,
  }));
  return {
    beforeMs: 10_000,
    afterMs: 10_010,
    status: { profiles: [meter(name, live), ...others.map((each) => meter(each, 1))] },
    sessions: [...shown, ...alone],
  };
}
type Look = ProfilesRun["looks"][number];

const found = (change: Partial<ProfilesRun>) =>
  checkProfiles({ ...good(), ...change }).findings.map(({ kind, text }) => `${kind}: ${text}`);
const withCall = (...more: readonly RunCall[]) => ({ calls: [...good().calls, ...more] });
const withChange = (...more: readonly Change[]) => ({ changes: [...good().changes, ...more] });

test("a run in which all is well has no finding, and its figures are those of the log", () => {
  const { findings, figures } = checkProfiles(good());
  expect(findings).toEqual([]);
  expect(figures).toMatchObject({
    landed: 4,
    makespanS: 100,
    calls: 9,
    refused: 3,
    refusedInRest: 1,
    aheadOfRest: 0,
    peaks: { one: 1, two: 1, three: 2 },
    comparedSessions: 3,
  });
  // Of the first 20 + 38.5 s and of the second 20 + 29.5 s: what they waited for is no service. With each what a session takes alone.
  expect(figures.serviceS).toEqual([49.5, 52.75, 60]);
  expect(figures.boundS).toBeLessThanOrEqual(figures.idealS);
  expect(figures.idealAtResetS).toBeLessThanOrEqual(figures.idealS);
});

test("a task that has not landed is told", () => {
  const [first, ...others] = good().tasks;
  expect(first).toBeDefined();
  const tasks = [{ id: "t-1", status: "parked", reason: "rate-limit", landedMs: null }, ...others];
  expect(found({ tasks })).toEqual(["missing: t-1 has not landed: it is parked (rate-limit)."]);
});

test("one session more than the cap is told", () => {
  const more = { ...session(6, TWO, 500), task: null };
  const sessions = [...good().sessions, more];
  expect(found({ sessions, ...withCall(call(6, TWO, 2_000, 3_000, 200)) })).toEqual([
    "cap: s-6 called as number 2 of two, of which 1 may live.",
  ]);
});

test("one session more than the learned cap is told once that is known", () => {
  const more = { ...session(6, THREE, 2_500), task: null };
  const sessions = [...good().sessions, more];
  expect(found({ sessions, ...withCall(call(6, THREE, 3_000, 4_000, 200)) })).toEqual([
    "cap: s-6 called as number 2 of three, of which 1 may live.",
  ]);
});

test("an answer of a profile that rests is told", () => {
  expect(found(withCall(call(1, ONE, 25_000, 25_500, 200)))).toEqual([
    expect.stringMatching(/^rest: conversation-1 was answered on one/),
  ]);
});

test("a session that asks again and again at a limit is told", () => {
  const again = [25_000, 26_000].map((atMs) => call(1, ONE, atMs, atMs + 100, 429));
  expect(found(withCall(...again))).toEqual([
    "rest: conversation-1 called one 3 times while it rested.",
  ]);
});

test("a session that is started while its profile rests is told, and its call too", () => {
  const more = { ...session(6, ONE, 25_000), task: null };
  const sessions = [...good().sessions, more];
  expect(found({ sessions, ...withCall(call(6, ONE, 26_000, 26_100, 429)) })).toEqual(
    expect.arrayContaining([
      "rest: s-6 was started on one, which rested.",
      "rest: conversation-6 called one for the first time while it rested.",
    ]),
  );
});

test("a call with a login that is refused is told like one in a rest", () => {
  expect(found(withCall(call(2, TWO, 25_000, 25_500, 200)))).toEqual([
    expect.stringMatching(/^rest: conversation-2 was answered on two/),
  ]);
});

test("a second incident of the same revoked login is told", () => {
  const again = [
    change(32_000, TWO, "ready", "signed-out"),
    change(33_000, TWO, "signed-out", "ready"),
  ];
  expect(found(withChange(...again))).toEqual([
    "incident: two became signed-out 2 times, not once.",
  ]);
});

test("a profile that does not come back is told", () => {
  const changes = good().changes.filter(({ from }) => from !== "signed-out");
  expect(found({ changes })).toEqual(["incident: two is signed-out in the end, not ready."]);
});

test("a profile that nothing was the matter with is told when it becomes an incident", () => {
  expect(found(withChange(change(50_000, THREE, "ready", "incident")))).toEqual([
    "incident: three became incident, which nobody had a hand in.",
  ]);
});

test("a run in which the limit, the refused login or the refused session was missing proves nothing", () => {
  const others = found({ changes: [] }).filter((text) => !text.startsWith("slow"));
  expect(others).toEqual([
    "not-played: one was never resting.",
    "not-played: two was never signed-out.",
    "not-played: three was to learn the cap 1 and learned none.",
  ]);
});

test("a run that takes much longer than the ideal is told", () => {
  const tasks = good().tasks.map((task) => ({ ...task, landedMs: 10 * MINUTE_MS }));
  expect(found({ tasks })).toEqual([
    expect.stringMatching(/^slow: It took 600\.0 s, more than 1\.15 × the ideal/),
  ]);
});

test("a meter that counts wrong, leaves a session out or shows one that never called is told", () => {
  expect(found({ looks: [look(THREE, 2, [3])] })).toEqual([
    expect.stringMatching(/^meter: .* the meter of three shows 2, and 1 live\.$/),
  ]);
  expect(found({ looks: [look(THREE, 0, [])] })).toEqual([
    expect.stringMatching(/^meter: .* conversation-3 lives on three, and the meter leaves it out/),
  ]);
  expect(found({ looks: [look(THREE, 2, [3, 9])] })).toEqual([
    expect.stringMatching(/^meter: .* 2 live on three, whose cap is 1\.$/),
    expect.stringMatching(/^meter: .* conversation-9 is shown on three, and it never called/),
  ]);
});
