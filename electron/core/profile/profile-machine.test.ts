import fc from "fast-check";
import { expect, test } from "vitest";
import { effectiveCap } from "../../../shared/model/profile.ts";
import { type ProfileEvent, type ProfileStatus, stepProfile } from "./profile-machine.ts";

const fresh: ProfileStatus = {
  state: "unchecked",
  reason: null,
  restsUntil: null,
  cap: 5,
  learnedCap: null,
  account: null,
  checkedAt: null,
};
const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 9, minute)).toISOString();
const account = { method: "claude.ai", email: "a@b.c", organisation: null, subscription: "max" };
const probed = (
  answer: Extract<ProfileEvent, { kind: "probed" }>["answer"],
  isAsked = true,
): ProfileEvent => ({ kind: "probed", answer, at: at(0), isAsked });
const signedIn = (isAsked = true) => probed({ kind: "signed-in", account }, isAsked);
const authFailed: ProfileEvent = { kind: "auth-failed", reason: "OAuth token revoked" };
const brokeDown: ProfileEvent = { kind: "broke-down", reason: "exit code 7" };
const limit = (minute: number): ProfileEvent => ({
  kind: "limit-hit",
  until: at(minute),
  reason: "You've hit your limit",
});
const passed = (minute: number): ProfileEvent => ({ kind: "time-passed", now: at(minute) });
const switched = (isDisabled: boolean): ProfileEvent => ({ kind: "switched", isDisabled });
const crowded = (admitted: number): ProfileEvent => ({ kind: "crowded", admitted });

function check(events: readonly ProfileEvent[], is: Partial<ProfileStatus>) {
  expect(events.reduce(stepProfile, fresh)).toMatchObject(is);
}

test("a profile that is signed in is ready", () =>
  check([signedIn()], { state: "ready", account }));
test("one that is signed out says so", () =>
  check([signedIn(), probed({ kind: "signed-out" })], { state: "signed-out", account: null }));
test("a key that would be billed is an incident that names it", () =>
  check([probed({ kind: "foreign", method: "api_key", variable: "ANTHROPIC_API_KEY" })], {
    state: "incident",
    reason: "ANTHROPIC_API_KEY would make sessions pay by api_key instead of the subscription",
  }));
test("an incident is over when a check finds it mended", () =>
  check([probed({ kind: "broken", why: "no program" }), signedIn(false)], { state: "ready" }));
test("a login that a call proved dead is not believed again by itself", () => {
  check([signedIn(), authFailed, signedIn(false)], { state: "signed-out" });
  check([signedIn(), authFailed, signedIn(true)], { state: "ready" });
});
test("a profile on which task after task broke is an incident until a person has looked at it", () => {
  check([signedIn(), brokeDown], { state: "incident", reason: "its sessions break: exit code 7" });
  check([signedIn(), brokeDown, signedIn(false), limit(30)], { state: "incident" });
  check([signedIn(), brokeDown, signedIn(true)], { state: "ready" });
  check([signedIn(), limit(30), brokeDown], { state: "incident", restsUntil: null });
});
test("a question that was not answered undoes nothing that calls and tasks have shown", () => {
  const unanswered = probed({ kind: "broken", why: "no answer within 15 s" }, false);
  const spent: ProfileEvent = { kind: "spent", reason: "no credit" };
  check([signedIn(), authFailed, unanswered, signedIn(false)], { state: "signed-out", account });
  check([signedIn(), brokeDown, unanswered, signedIn(false)], {
    reason: "its sessions break: exit code 7",
  });
  check([signedIn(), spent, unanswered, signedIn(false)], { state: "incident" });
  check([signedIn(), limit(30), unanswered], { state: "resting", restsUntil: at(30), account });
  check([signedIn(), unanswered], { state: "incident", account });
  check([signedIn(), unanswered, signedIn(false)], { state: "ready" });
});
test("who does not answer when it is asked anew by itself is no news", () => {
  const unanswered = (minute: number, isAsked: boolean): ProfileEvent => ({
    kind: "probed",
    answer: { kind: "broken", why: "no answer within 15 s" },
    at: at(minute),
    isAsked,
  });
  const before = [signedIn(), unanswered(0, false)].reduce(stepProfile, fresh);
  expect(stepProfile(before, unanswered(5, false))).toBe(before);
  expect(stepProfile(before, unanswered(5, true))).toMatchObject({ checkedAt: at(5) });
});
test("a rest is told by the clock as it is now", () => {
  check([signedIn(), limit(30), { kind: "clock-set", until: at(50) }], { restsUntil: at(50) });
  check([signedIn(), { kind: "clock-set", until: at(50) }], { state: "ready", restsUntil: null });
});
test("a sign-in that was noticed as missing is believed when it is there", () =>
  check([probed({ kind: "signed-out" }), signedIn(false)], { state: "ready" }));
test("it rests at a limit until that is over", () => {
  check([signedIn(), limit(30)], { state: "resting", restsUntil: at(30) });
  check([signedIn(), limit(30), passed(29)], { state: "resting" });
  check([signedIn(), limit(30), passed(30)], { state: "ready", restsUntil: null, reason: null });
});
test("a rest that would outlast every window was told by a wrong clock, and is over", () => {
  const days = (count: number) => count * 24 * 60;
  check([signedIn(), limit(days(365)), passed(0)], { state: "ready", restsUntil: null });
  check([signedIn(), limit(days(7)), passed(0)], { state: "resting", restsUntil: at(days(7)) });
});
test("a longer rest wins over a shorter one", () => {
  check([signedIn(), limit(1), limit(30)], { restsUntil: at(30) });
  check([signedIn(), limit(30), limit(1)], { restsUntil: at(30) });
});
test("a check does not cut a rest short", () =>
  check([signedIn(), limit(30), signedIn()], { state: "resting" }));
test("a rest ends when somebody else signs in, or with another plan", () => {
  const as = (other: Partial<typeof account>) =>
    probed({ kind: "signed-in", account: { ...account, ...other } }, false);
  check([signedIn(), limit(30), as({ email: "d@e.f" })], { state: "ready", restsUntil: null });
  check([signedIn(), limit(30), as({ subscription: "pro" })], { state: "ready" });
  check([signedIn(), limit(30), as({ email: null as never })], { state: "resting" });
});
test("a disabled profile stays disabled until it is switched on", () => {
  check([switched(true), signedIn(), limit(3), authFailed], { state: "disabled", account });
  check([switched(true), switched(false)], { state: "unchecked" });
});
test("too many sessions at once lower the cap that was learned, never below one", () => {
  check([crowded(3)], { learnedCap: 3 });
  check([crowded(3), crowded(8)], { learnedCap: 3 });
  check([crowded(0)], { learnedCap: 1 });
});
test("the learned cap grows back one by one, and is forgotten at the top", () => {
  check([crowded(3), { kind: "widened" }], { learnedCap: 4 });
  check([crowded(3), { kind: "widened" }, { kind: "widened" }], { learnedCap: null });
});

const anyEvent: fc.Arbitrary<ProfileEvent> = fc.oneof(
  fc.boolean().map(signedIn),
  fc
    .tuple(
      fc.constantFrom(
        { kind: "signed-out" as const },
        { kind: "broken" as const, why: "w" },
        { kind: "foreign" as const, method: "api_key", variable: null },
      ),
      fc.boolean(),
    )
    .map(([answer, isAsked]) => probed(answer, isAsked)),
  fc.constant(authFailed),
  fc.constant(brokeDown),
  fc.nat(50).map((minute): ProfileEvent => ({ kind: "clock-set", until: at(minute) })),
  fc.nat(50).map(limit),
  fc.nat(50).map(passed),
  fc.boolean().map(switched),
  fc.nat(12).map(crowded),
  fc.constant<ProfileEvent>({ kind: "widened" }),
);

test("whatever happens, what must hold holds", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
      let isProvedDead = false;
      let profile = fresh;
      for (const event of events) {
        const before = profile;
        profile = stepProfile(profile, event);
        expect(profile.restsUntil !== null).toBe(profile.state === "resting");
        expect(effectiveCap(profile)).toBeGreaterThanOrEqual(1);
        if (before.state === "disabled" && event.kind !== "switched")
          expect(profile.state).toBe("disabled");
        if (event.kind === "auth-failed" && before.state === "ready") isProvedDead = true;
        const isMended = event.kind === "probed" || event.kind === "switched";
        if (
          isMended &&
          (event.kind === "switched" || event.isAsked || event.answer.kind === "signed-out")
        )
          isProvedDead = false;
        if (isProvedDead) expect(["signed-out"]).toContain(profile.state);
      }
    }),
  );
});
