import { expect, test } from "vitest";
import { Profile } from "../../../shared/model/profile.ts";
import type { Session } from "../../../shared/model/session.ts";
import { isWorthMoving, judgeMove, refuseMove } from "./plan-move.ts";

const NOW = "2026-11-21T09:00:00.000Z";
const inMinutes = (minutes: number) => new Date(Date.parse(NOW) + minutes * 60_000).toISOString();
const window = (usedPercent: number) => ({
  usedPercent,
  resetsAt: inMinutes(60),
  measuredAt: NOW,
  source: "statusline",
});

const profile = (name: string, more: object = {}): Profile =>
  Profile.parse({
    name,
    provider: "claude",
    plan: "max",
    dir: `/profiles/${name}`,
    cap: 2,
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
    live: 0,
    windows: { fiveHour: null, sevenDay: null },
    order: 1,
    moves: "both",
    ...more,
  });
const account = (email: string) => ({
  account: { method: "claude.ai", email, organisation: null, subscription: null },
});

function checkRefused(why: RegExp | null, to: object, from: object = {}): void {
  const refusal = refuseMove(profile("a", from), profile("b", to), NOW);
  if (why === null) expect(refusal).toBeNull();
  else expect(refusal?.what).toMatch(why);
}

test("both profiles must allow it, each its own way", () => {
  checkRefused(null, {});
  checkRefused(null, { moves: "in" }, { moves: "out" });
  checkRefused(/^Conversations may not move away from a\.$/, {}, { moves: "none" });
  checkRefused(/^Conversations may not move away from a\.$/, {}, { moves: "in" });
  checkRefused(/^Conversations may not move to b\.$/, { moves: "none" });
  checkRefused(/^Conversations may not move to b\.$/, { moves: "out" });
});

test("the way out names the switch as it would have to stand", () => {
  const wayOut = (from: string, to: string) =>
    refuseMove(profile("a", { moves: from }), profile("b", { moves: to }), NOW)?.wayOut;
  expect(wayOut("none", "in")).toContain("profile set a --moves out");
  expect(wayOut("in", "in")).toContain("profile set a --moves both");
  expect(wayOut("out", "none")).toContain("profile set b --moves in");
  expect(wayOut("out", "out")).toContain("profile set b --moves both");
});

test("a profile without room, resting, signed out, disabled or of the same account takes none", () => {
  checkRefused(/^b is full: 2 of 2 sessions\.$/, { live: 2 });
  checkRefused(/^b is full: 1 of 1 session \(the provider refused more/, {
    live: 1,
    learnedCap: 1,
  });
  checkRefused(/^b rests until /, { state: "resting", restsUntil: inMinutes(9) });
  checkRefused(/^b is signed out/, { state: "signed-out" });
  checkRefused(/^b takes no work/, { state: "incident", reason: "its key pays" });
  checkRefused(/^b is disabled/, { state: "disabled" });
  checkRefused(/^b has used up its five-hour window/, {
    windows: { fiveHour: window(100), sevenDay: null },
  });
  checkRefused(/same account/, account("me@x.test"), account("me@x.test"));
  checkRefused(null, account("me@x.test"), account("you@x.test"));
  expect(refuseMove(profile("a"), profile("a"), NOW)?.what).toBe("It is at a already.");
});

test("it is worth it for a wait of five minutes and for a login that is gone, not for a throttle", () => {
  const isWorth = (more: object) => isWorthMoving(profile("a", more), Date.parse(NOW));
  expect(isWorth({ state: "resting", restsUntil: inMinutes(120) })).toBe(true);
  expect(isWorth({ state: "resting", restsUntil: inMinutes(1) })).toBe(false);
  expect(isWorth({ state: "signed-out" })).toBe(true);
  expect(isWorth({ state: "ready" })).toBe(false);
  expect(isWorth({ state: "incident" })).toBe(false);
});

function checkJudged(
  verdict: ReturnType<typeof judgeMove>,
  state: Session["state"],
  reason: string | null,
  ...signals: readonly string[]
): void {
  const evidence = signals.map((signal) => ({ signal, at: NOW, detail: null }));
  expect(judgeMove({ state, reason, evidence })).toBe(verdict);
}

test("only what an answer alone can bring about proves that the profile takes it", () => {
  checkJudged("waits", "starting", null);
  checkJudged("waits", "working", null, "hook:SessionStart", "hook:UserPromptSubmit");
  checkJudged("answered", "working", null, "hook:UserPromptSubmit", "hook:PreToolUse");
  checkJudged("answered", "idle", null, "hook:UserPromptSubmit", "hook:Stop");
  checkJudged("answered", "failed", "exit code 1", "hook:PostToolUse");
  checkJudged("waits", "idle", null, "level:idle");
  checkJudged("waits", "needs-input", "dialog open");
});

test("whatever ends before an answer is a refusal; a network in trouble is none", () => {
  const begun = ["hook:SessionStart", "hook:UserPromptSubmit"];
  checkJudged("refused", "limited", "cannot sign in: 401", ...begun, "hook:StopFailure");
  checkJudged("refused", "limited", "You've hit your weekly limit", ...begun, "hook:StopFailure");
  checkJudged("waits", "limited", "cannot reach the provider: 529", ...begun, "hook:StopFailure");
  checkJudged("refused", "idle", "its turn failed: no such model", ...begun, "hook:StopFailure");
  checkJudged("refused", "interrupted", "its context is full: Prompt is too long", ...begun);
  checkJudged("waits", "interrupted", "its turn was cut short: by Esc", ...begun);
  for (const state of ["unknown", "stopped", "ended", "failed"] as const)
    checkJudged("refused", state, null, ...begun);
});
