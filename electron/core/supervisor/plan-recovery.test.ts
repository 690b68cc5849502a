import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ProfileName, SessionId } from "../../../shared/model/ids.ts";
import {
  backOffMs,
  countGivenUp,
  lastConversation,
  networkWaitMs,
  type PastSession,
  planRung,
  wasHealthy,
} from "./plan-recovery.ts";

type Past = PastSession & { readonly recovery: null };

/** A task's sessions one after another, each continuing what `lastConversation` names, each ending as it is told. */
function playOut(endings: readonly { readonly hasBegun: boolean; readonly isCrash: boolean }[]) {
  const past: Past[] = [];
  for (const [index, { hasBegun, isCrash }] of endings.entries()) {
    const last = lastConversation(past);
    past.push({
      id: SessionId.parse(`s-${index + 1}`),
      kind: "worker",
      state: isCrash ? "failed" : "ended",
      reason: null,
      exit: { code: 1, signal: null },
      evidence: hasBegun ? [{ signal: "hook:UserPromptSubmit", at: START, detail: null }] : [],
      providerSession: last?.providerSession ?? randomUUID(),
      profile: ProfileName.parse("max-1"),
      startedAt: START,
      endedAt: START,
      isResumed: last !== undefined,
      recovery: null,
    });
  }
  return past;
}
const START = "2026-11-21T09:00:00.000Z";
const anyEnding = fc.record({ hasBegun: fc.boolean(), isCrash: fc.boolean() });

test("a conversation that a session could not continue is never continued again", () => {
  fc.assert(
    fc.property(fc.array(anyEnding, { maxLength: 30 }), (endings) => {
      const past = playOut(endings);
      for (const [index, session] of past.entries()) {
        const isGivenUp = past
          .slice(0, index)
          .some(
            (before) =>
              before.providerSession === session.providerSession &&
              before.isResumed &&
              before.state === "failed" &&
              before.evidence.length === 0,
          );
        expect(isGivenUp).toBe(false);
      }
    }),
  );
});

test("only what broke names a rung, and the rung says whether the conversation goes on", () => {
  fc.assert(
    fc.property(
      fc.array(anyEnding, { minLength: 1, maxLength: 9 }),
      fc.boolean(),
      (endings, is) => {
        const past = playOut(endings);
        const rung = planRung(past, is);
        expect(rung === null).toBe(past.at(-1)?.state !== "failed");
        if (rung) expect(rung.rung).toBe(is ? "resumed" : "re-dispatched");
      },
    ),
  );
});

test("rests grow with the failures, and no two of them need to end together", () => {
  expect([0, 1, 2, 3, 9].map((failures) => backOffMs(failures, 0.5))).toEqual([
    0, 2_000, 8_000, 30_000, 30_000,
  ]);
  expect([backOffMs(1, 0), backOffMs(1, 1)]).toEqual([1_600, 2_400]);
});

test("a provider that stays away is tried from every half minute down to every five", () => {
  expect([0, 1, 2, 3, 4, 50].map(networkWaitMs)).toEqual([
    30_000, 60_000, 120_000, 240_000, 300_000, 300_000,
  ]);
});

test("a minute of work is healthy; a clock that was set back is no proof of it", () => {
  const [session] = playOut([{ hasBegun: true, isCrash: true }]);
  if (!session) throw new Error("nothing was played");
  expect(wasHealthy({ ...session, endedAt: "2026-11-21T09:01:00.000Z" })).toBe(true);
  expect(wasHealthy({ ...session, endedAt: "2026-11-21T09:00:59.000Z" })).toBe(false);
  expect(wasHealthy({ ...session, endedAt: "2026-11-21T07:00:00.000Z" })).toBe(false);
  expect(wasHealthy({ ...session, evidence: [], endedAt: "2026-11-21T10:00:00.000Z" })).toBe(false);
});

test("work that came home ends the row of tasks that were given up", () => {
  const [lost, home] = playOut([
    { hasBegun: true, isCrash: true },
    { hasBegun: true, isCrash: false },
  ]);
  if (!lost || !home) throw new Error("nothing was played");
  const givenUp = { ...lost, recovery: { rung: "needs-you", reason: "", at: START } as const };
  expect(countGivenUp([givenUp, lost, givenUp])).toBe(2);
  expect(countGivenUp([givenUp, home, lost, givenUp])).toBe(1);
});
