import fc from "fast-check";
import { expect, test } from "vitest";
import type { Concern } from "../../../shared/model/session.ts";
import type { Finding } from "./plan-findings.ts";
import { GRACE_MS, stepWatchdog, type WatchEvent, type WatchStep } from "./watchdog-machine.ts";

const at = "2026-11-21T09:00:00.000Z";
const finding = (weight: Finding["weight"], kind: Finding["kind"] = "repeats"): Finding => ({
  kind,
  text: `${kind} it is`,
  weight,
});
const look = (
  findings: readonly Finding[],
  more: Partial<Extract<WatchEvent, { kind: "looked" }>> = {},
): WatchEvent => ({
  kind: "looked",
  findings,
  isWorking: true,
  isAsking: false,
  sinceMs: GRACE_MS,
  at,
  ...more,
});
const act = [finding("act")];
const spokenTo: WatchEvent = { kind: "spoken-to" };

/** The step it stands on after each event. */
function check(events: readonly WatchEvent[], steps: readonly (Concern["step"] | null)[]) {
  let concern: Concern | null = null;
  const seen = events.map((event) => {
    concern = stepWatchdog(concern, event).concern;
    return concern?.step ?? null;
  });
  expect(seen).toEqual(steps);
}

test("first the person is told, then it is interrupted, then paused", () =>
  check([look(act), look(act), look(act)], ["told", "interrupted", "paused"]));
test("no step follows another within the grace", () =>
  check(
    [look(act), look(act, { sinceMs: GRACE_MS - 1 }), look(act), look(act, { sinceMs: 1 })],
    ["told", "told", "interrupted", "interrupted"],
  ));
test("what only is worth a word stays a word", () =>
  check([look([finding("tell")]), look([finding("tell")])], ["told", "told"]));
test("what has passed is forgotten", () =>
  check([look(act), look([]), look(act)], ["told", null, "told"]));
test("one that lies still after an interruption is paused all the same", () =>
  check([look(act), look(act), look([], { isWorking: false })], ["told", "interrupted", "paused"]));
test("one that does something else after an interruption is let go on", () =>
  check([look(act), look(act), look([])], ["told", "interrupted", null]));
test("whoever speaks to it begins anew", () =>
  check([look(act), look(act), spokenTo], ["told", "interrupted", null]));
test("nothing is done while the person is asked", () =>
  check([look(act), look(act, { isAsking: true })], ["told", "told"]));
test("a budget that is used up pauses at once, and talking does not help", () =>
  check(
    [
      look([finding("tell", "budget")]),
      spokenTo,
      look([finding("stop", "budget")], { sinceMs: 0 }),
      spokenTo,
    ],
    ["told", "told", "paused", "paused"],
  ));

const anyFinding = fc.record({
  kind: fc.constantFrom<Finding["kind"]>("silent", "no-commits", "repeats", "fleet-share"),
  text: fc.constant("it is"),
  weight: fc.constantFrom<Finding["weight"]>("tell", "act"),
});
const anyEvent = fc.oneof(
  { weight: 1, arbitrary: fc.constant(spokenTo) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("looked" as const),
      findings: fc.array(anyFinding, { maxLength: 2 }),
      isWorking: fc.boolean(),
      isAsking: fc.boolean(),
      passedMs: fc.integer({ min: 0, max: GRACE_MS }),
    }),
  },
);

test("whatever happens, nothing is paused that was not told of and interrupted a grace apart, and a pause is for good", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      let concern: Concern | null = null;
      let nowMs = 0;
      const stepAtMs = { told: Number.NaN, interrupted: Number.NaN, paused: Number.NaN };
      for (const event of events) {
        if (event.kind === "looked") nowMs += event.passedMs;
        const before: Concern | null = concern;
        const sinceMs = before ? nowMs - stepAtMs[before.step] : 0;
        const told: WatchEvent =
          event.kind === "looked"
            ? { ...event, sinceMs, at: new Date(nowMs).toISOString() }
            : event;
        const { concern: next, effect }: WatchStep = stepWatchdog(before, told);
        if (before?.step === "paused") expect(next).toEqual(before);
        if (effect?.kind === "interrupt") {
          expect(before?.step).toBe("told");
          expect(nowMs - stepAtMs.told).toBeGreaterThanOrEqual(GRACE_MS);
        }
        if (next?.step === "paused" && before?.step !== "paused") {
          expect(before?.step).toBe("interrupted");
          expect(nowMs - stepAtMs.interrupted).toBeGreaterThanOrEqual(GRACE_MS);
        }
        if (event.kind === "looked" && event.isAsking && before?.step !== "paused")
          expect(effect).toBeNull();
        if (next && next.step !== before?.step) stepAtMs[next.step] = nowMs;
        if (next && next.kind !== before?.kind) stepAtMs[next.step] = nowMs;
        concern = next;
      }
    }),
  );
});
