import fc from "fast-check";
import { expect, test } from "vitest";
import { effectiveCap } from "../../../shared/model/profile.ts";
import { type CapProbe, lookAtProbe, refuseProbe } from "./cap-probe-machine.ts";
import { type ProfileStatus, stepProfile } from "./profile-machine.ts";

const MINUTE_MS = 60_000;
const CAP = 6;

type Deed =
  | { readonly kind: "start" }
  | { readonly kind: "end" }
  | { readonly kind: "wait"; readonly minutes: number }
  /** From now on the provider lets in so many. */
  | { readonly kind: "allow"; readonly count: number };

/** A profile, and a provider that refuses whoever is one too many. */
function createProfile() {
  const fresh = { state: "ready", reason: null, restsUntil: null, account: null, checkedAt: null };
  let status = { ...fresh, cap: CAP, learnedCap: null } as ProfileStatus;
  let probe: CapProbe | undefined;
  let live = 0;
  let allowed = CAP;
  let minute = 0;
  const refusedAt: number[] = [];
  const look = () => {
    const now = lookAtProbe(probe, { ...status, live }, minute * MINUTE_MS);
    probe = now.probe;
    if (now.isTime) status = stepProfile(status, { kind: "widened" });
  };
  const deeds = {
    start() {
      if (live >= effectiveCap(status)) return;
      if (live < allowed) {
        live += 1;
        return;
      }
      refusedAt.push(minute);
      status = stepProfile(status, { kind: "crowded", admitted: live });
      probe = refuseProbe(probe, minute * MINUTE_MS);
    },
    end() {
      live = Math.max(0, live - 1);
    },
    allow(count: number) {
      allowed = count;
    },
    wait(minutes: number) {
      for (let n = 0; n < minutes; n++) {
        minute += 1;
        look();
      }
    },
  };
  const play = (deed: Deed) => {
    if (deed.kind === "wait") deeds.wait(deed.minutes);
    else if (deed.kind === "allow") deeds.allow(deed.count);
    else deeds[deed.kind]();
  };
  return {
    ...deeds,
    play,
    refusedAt,
    read: () => ({ live, allowed, learned: status.learnedCap, slots: effectiveCap(status) }),
    /** As busy as it may be, for so long. */
    work(minutes: number) {
      for (let n = 0; n < minutes; n++) {
        while (live < effectiveCap(status) && refusedAt.at(-1) !== minute) deeds.start();
        deeds.wait(1);
      }
    },
  };
}

test("one refusal is enough: the cap is what the provider let in", () => {
  const profile = createProfile();
  profile.allow(4);
  profile.work(1);
  expect(profile.read()).toMatchObject({ live: 4, learned: 4 });
  expect(profile.refusedAt).toEqual([0]);
});

test("one more is tried after half an hour, then ever more rarely while the provider refuses it", () => {
  const profile = createProfile();
  profile.allow(4);
  profile.work(60 * 24);
  expect(profile.refusedAt.slice(0, 6)).toEqual([0, 30, 90, 210, 450, 930]);
  expect(profile.read()).toMatchObject({ live: 4, slots: 4 });
});

test("a provider that lets more in again is believed one by one, up to the cap that was set", () => {
  const profile = createProfile();
  profile.allow(3);
  profile.work(10);
  profile.allow(CAP);
  profile.work(31);
  expect(profile.read()).toMatchObject({ live: 4, learned: 4 });
  profile.work(60);
  expect(profile.read()).toMatchObject({ live: CAP, learned: null });
  expect(profile.refusedAt).toHaveLength(1);
});

test("a cap that nobody uses up stays: nothing would be learned by widening it", () => {
  const profile = createProfile();
  profile.allow(4);
  profile.work(1);
  profile.end();
  profile.wait(60 * 24);
  expect(profile.read()).toMatchObject({ live: 3, learned: 4 });
});

const anyDeed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Deed>({ kind: "start" }) },
  { weight: 2, arbitrary: fc.constant<Deed>({ kind: "end" }) },
  fc.integer({ min: 1, max: 200 }).map((minutes): Deed => ({ kind: "wait", minutes })),
  fc.integer({ min: 0, max: CAP }).map((count): Deed => ({ kind: "allow", count })),
);

test("whatever is started, ended and refused, no cap is passed and none is lost", () => {
  fc.assert(
    fc.property(fc.array(anyDeed, { maxLength: 80 }), (deeds) => {
      const profile = createProfile();
      for (const deed of deeds) {
        const refusals = profile.refusedAt.length;
        const before = profile.read();
        profile.play(deed);
        const after = profile.read();
        expect(after.slots).toBeGreaterThanOrEqual(1);
        expect(after.slots).toBeLessThanOrEqual(CAP);
        // A refusal makes full at once: what it let in is all that there is room for.
        if (profile.refusedAt.length > refusals) {
          expect(after.slots).toBe(Math.max(1, Math.min(before.live, before.slots)));
        }
        // Only time widens it.
        if (deed.kind !== "wait") expect(after.slots).toBeLessThanOrEqual(before.slots);
      }
    }),
  );
});

test("it comes back to all its slots, whatever the provider did before", () => {
  fc.assert(
    fc.property(fc.array(anyDeed, { maxLength: 40 }), (deeds) => {
      const profile = createProfile();
      for (const deed of deeds) profile.play(deed);
      profile.allow(CAP);
      profile.work((CAP + 1) * 8 * 60);
      expect(profile.read()).toMatchObject({ live: CAP, learned: null });
    }),
    { numRuns: 40 },
  );
});
