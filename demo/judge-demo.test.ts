import { expect, test } from "vitest";
import { ProfileName, SessionId } from "../shared/model/ids.ts";
import { judgeDemo } from "./judge-demo.ts";
import type { ModelCall } from "./scripted-model/model-call.ts";

const profiles = [
  { name: "max-1", cap: 2, tail: "max-01" },
  { name: "pro-1", cap: 1, tail: "pro-01" },
];

test("finds nothing where tokens and caps were kept", () => {
  check({
    sessions: [
      session("a", "max-1", 0, 50),
      session("b", "max-1", 0, 90),
      session("c", "pro-1", 5, 9),
    ],
    calls: [call("a", "max-01", 10), call("b", "max-01", 10), call("c", "pro-01", 6)],
    finds: [],
  });
});

test("lets a session begin the moment another has ended", () => {
  check({ sessions: [session("a", "pro-1", 0, 50), session("b", "pro-1", 50, null)], finds: [] });
});

test("finds a session too many", () => {
  check({
    sessions: [session("a", "pro-1", 0, 50), session("b", "pro-1", 49, null)],
    finds: ["pro-1 had 2 sessions at once; its cap is 1."],
  });
});

test("finds what the sessions' times hide and the model saw", () => {
  check({
    sessions: [session("a", "pro-1", 0, 5), session("b", "pro-1", 5, 50)],
    calls: [call("a", "pro-01", 4, 30), call("b", "pro-01", 20, 25)],
    finds: ["pro-1 had 2 conversations at once; its cap is 1."],
  });
});

test("counts calls that one conversation makes side by side as one", () => {
  check({
    sessions: [session("a", "pro-1", 0, 50)],
    calls: [call("a", "pro-01", 4, 30), call("a", "pro-01", 5, 8), call("a", "pro-01", 29, 40)],
    finds: [],
  });
});

test("finds a call with the token of another profile", () => {
  check({
    sessions: [session("a", "max-1", 0, 50)],
    calls: [call("a", "pro-01", 10)],
    finds: ["Call 1 of s-1 on max-1 carried a token ending in pro-01."],
  });
});

test("goes by the session that a moved conversation ran in at that time", () => {
  check({
    sessions: [session("a", "max-1", 0, 50), session("a", "pro-1", 60, 99)],
    calls: [call("a", "max-01", 10), call("a", "pro-01", 70)],
    finds: [],
  });
});

test("finds a conversation that the app knows nothing of", () => {
  check({
    sessions: [],
    calls: [call("x", "max-01", 10)],
    finds: ["Call 1 came from x, which no session had started."],
  });
});

function session(conversation: string, profile: string, startMs: number, endMs: number | null) {
  return {
    id: SessionId.parse("s-1"),
    kind: "worker" as const,
    profile: ProfileName.parse(profile),
    providerSession: conversation,
    startedAt: new Date(startMs).toISOString(),
    endedAt: endMs === null ? null : new Date(endMs).toISOString(),
  };
}

function call(conversation: string, tail: string, startMs: number, endMs = startMs + 1): ModelCall {
  return {
    t: new Date(startMs).toISOString(),
    seq: 1,
    role: "main",
    session: conversation,
    tail,
    profile: null,
    model: "m",
    step: 0,
    kind: "say",
    status: 200,
    live: 1,
    startMs,
    endMs,
  };
}

function check(story: {
  readonly sessions: readonly ReturnType<typeof session>[];
  readonly calls?: readonly ModelCall[];
  readonly finds: readonly string[];
}): void {
  const findings = judgeDemo(story.calls ?? [], story.sessions, profiles);
  expect(findings.map((finding) => finding.text)).toEqual(story.finds);
}
