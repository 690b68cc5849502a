import fc from "fast-check";
import { expect, test } from "vitest";
import { checkoutReason } from "../../../shared/model/held-by-checkout.ts";
import { freshPull } from "../../../shared/model/pull-request.ts";
import type { EntryState } from "../../../shared/model/queue-entry.ts";
import { type EntryEvent, type EntryLife, stepEntry } from "./queue-machine.ts";

const [BASE, TREE, OTHER_TREE] = ["b".repeat(40), "1".repeat(40), "2".repeat(40)];
const CANDIDATE = "c".repeat(40);
const fresh: EntryLife = {
  state: "queued",
  reason: null,
  files: [],
  base: null,
  candidate: null,
  tree: null,
  isApproved: false,
  isHotfix: false,
  batch: null,
  pullRequest: null,
};
const taken: EntryEvent = { kind: "taken" };
const built: EntryEvent = { kind: "built", base: BASE, candidate: CANDIDATE, tree: TREE };
const passed: EntryEvent = { kind: "passed", tree: TREE, waits: null, needsApproval: false };
const hindered: EntryEvent = { kind: "hindered", reason: "r", files: [] };
const PROPOSAL = { remote: "origin", target: "main" };
const declined: EntryEvent = { kind: "declined", reason: "closed", handback: "h" };
const failed: EntryEvent = { ...hindered, kind: "failed", handback: "h" };

function check(events: readonly EntryEvent[], state: EntryState, ...effects: string[]) {
  let at = fresh;
  let last: readonly { readonly kind: string }[] = [];
  for (const event of events) ({ state: at, effects: last } = stepEntry(at, event));
  expect([at.state, last.map((effect) => effect.kind)]).toEqual([state, effects]);
}

test("an entry is built, checked and landed", () => {
  check([taken], "preparing");
  check([taken, built], "checking");
  check([taken, built, passed], "landing");
  check([taken, built, passed, { kind: "moved" }], "landed", "tell-landed");
});
test("a verdict on another tree lands nothing", () =>
  check([taken, built, { ...passed, tree: OTHER_TREE }], "checking"));
test("a paused queue keeps what passed in its place", () =>
  check([taken, built, { ...passed, waits: "paused" }], "queued"));
test("what passed waits for the approval that is wanted, and is built anew after it", () => {
  const wanted: EntryEvent = { ...passed, needsApproval: true };
  check([taken, built, wanted], "awaiting-approval");
  check([taken, built, wanted, { kind: "approve-asked" }], "queued");
  check([{ kind: "approve-asked" }, taken, built, wanted], "landing");
});
test("a landing that was not made comes back into the queue", () =>
  check([taken, built, passed, { kind: "came-back", reason: null }], "queued"));
test("what is built anew is under check again, and shows with which it is", () => {
  const batch = { entries: [], testing: 1 };
  check([taken, built, { kind: "noted", reason: "r", batch }, taken], "preparing");
  const noted = [taken, built, { kind: "noted" as const, reason: "r", batch }];
  const life = noted.reduce((at, event) => stepEntry(at, event).state, fresh);
  expect(life).toMatchObject({ state: "checking", reason: "r", batch });
  expect(stepEntry(life, { kind: "put-back", reason: null }).state.batch).toBe(null);
});
test("a checkout in the way holds a landing until it is cleared", () => {
  check([taken, built, passed, hindered], "held");
  check([taken, built, passed, hindered, { kind: "cleared" }], "queued");
  const blocked: EntryEvent = { ...hindered, reason: checkoutReason("a.txt") };
  const through: EntryEvent = { kind: "let-through" };
  check([taken, built, passed, blocked, through, passed], "landing");
  check([taken, built, passed, blocked, { kind: "restarted" }], "queued");
  check(
    [taken, built, passed, blocked, { kind: "remove-asked", reason: null }],
    "removed",
    "stop-work",
  );
  check([taken, built, passed, hindered, through], "held");
  check([{ kind: "hold-asked" }, through], "held");
});
test("what is held can be held for another reason, and nothing else is touched by that", () => {
  const explained: EntryEvent = { kind: "explained", reason: "e" };
  check([taken, hindered, explained], "held");
  check([taken, explained], "preparing");
});
test("what is proposed waits for its pull request, and leaves the queue by what becomes of that", () => {
  const proposed = [taken, built, { ...passed, proposal: PROPOSAL }];
  check(proposed, "proposed");
  check([...proposed, { kind: "restarted" }], "proposed");
  check([...proposed, { kind: "moved" }], "proposed");
  check([...proposed, { ...built, kind: "found" }], "landed", "tell-landed");
  check([...proposed, declined], "returned", "tell-declined");
  check([...proposed, { kind: "withdrawn", reason: null }], "queued");
  check([...proposed, { kind: "retry-asked" }], "queued");
  check([...proposed, { kind: "hold-asked" }], "held");
  check([...proposed, { kind: "remove-asked", reason: null }], "removed");
  check([taken, built, { ...passed, waits: "frozen", proposal: PROPOSAL }], "queued");
  check([taken, built, passed, declined], "landing");
});
test("a pull request that is open is gone on with when its entry is proposed once more", () => {
  const proposed = { ...passed, proposal: PROPOSAL };
  const first = [taken, built, proposed].reduce((at, event) => stepEntry(at, event).state, fresh);
  const opened: EntryLife = {
    ...first,
    pullRequest: { ...freshPull(PROPOSAL, null), number: 7, url: "u", asks: 3 },
  };
  const again: readonly EntryEvent[] = [{ kind: "retry-asked" }, taken, built, proposed];
  const step = (at: EntryLife, event: EntryEvent) => stepEntry(at, event).state;
  const { pullRequest } = again.reduce(step, opened);
  expect(pullRequest).toMatchObject({ number: 7, url: "u", asks: 0 });
  const elsewhere = { ...proposed, proposal: { ...PROPOSAL, remote: "fork" } };
  const other: readonly EntryEvent[] = [{ kind: "retry-asked" }, taken, built, elsewhere];
  expect(other.reduce(step, opened).pullRequest).toEqual(
    freshPull({ ...PROPOSAL, remote: "fork" }, null),
  );
});
test("failed work is returned from building and from checking", () => {
  check([taken, failed], "returned", "tell-returned");
  check([taken, built, failed], "returned", "tell-returned");
});
test("nobody takes out what is landing", () => {
  for (const kind of ["hold-asked", "approve-asked", "retry-asked", "release-asked"] as const) {
    check([taken, built, passed, { kind }], "landing");
  }
  check([taken, built, passed, { kind: "remove-asked", reason: null }], "landing");
});
test("holding or removing an entry stops the work on it", () => {
  check([taken, { kind: "hold-asked" }], "held", "stop-work");
  check([taken, built, { kind: "remove-asked", reason: null }], "removed", "stop-work");
  check([{ kind: "hold-asked" }], "held");
});
test("an entry is made a hot fix in its place, until it lands or leaves", () => {
  const hot: EntryEvent = { kind: "hotfix-asked", isOn: true };
  check([hot], "queued");
  expect(stepEntry(fresh, hot).state.isHotfix).toBe(true);
  const cold: EntryEvent = { kind: "hotfix-asked", isOn: false };
  expect(stepEntry(fresh, cold).state).toBe(fresh);
  const left = stepEntry(fresh, { kind: "remove-asked", reason: null }).state;
  expect(stepEntry(left, hot).state).toBe(left);
});
test("what a dead core had begun begins anew", () => {
  check([taken, { kind: "restarted" }], "queued");
  check([taken, built, { kind: "restarted" }], "queued");
  check([taken, built, passed, { kind: "restarted" }], "landing");
});

const oid = fc.constantFrom(TREE, OTHER_TREE);
const note = { reason: fc.constant("r"), files: fc.constant([]) };
const anyEvent: fc.Arbitrary<EntryEvent> = fc.oneof(
  fc.constantFrom<EntryEvent>(
    taken,
    { kind: "moved" },
    { kind: "came-back", reason: null },
    { kind: "noted", reason: "n", batch: null },
    { kind: "cleared" },
    { kind: "let-through" },
    { kind: "explained", reason: "e" },
    { kind: "restarted" },
    { kind: "approve-asked" },
    { kind: "hold-asked" },
    { kind: "release-asked" },
    { kind: "retry-asked" },
    { kind: "remove-asked", reason: null },
    { kind: "hotfix-asked", isOn: true },
    { kind: "hotfix-asked", isOn: false },
    { kind: "return-asked", reason: "r", handback: "h" },
    { kind: "put-back", reason: "r" },
    { kind: "withdrawn", reason: null },
    declined,
    hindered,
    failed,
  ),
  fc.record({
    kind: fc.constant("built" as const),
    base: fc.constant(BASE),
    candidate: fc.constant(CANDIDATE),
    tree: oid,
  }),
  fc.record({ kind: fc.constant("contained" as const), base: fc.constant(BASE) }),
  fc.record({
    kind: fc.constant("passed" as const),
    tree: oid,
    waits: fc.constantFrom(null, "frozen"),
    needsApproval: fc.boolean(),
    proposal: fc.constantFrom(null, PROPOSAL),
  }),
  fc.record({ kind: fc.constant("hindered" as const), ...note }),
  fc.constant<EntryEvent>({ kind: "hindered", reason: checkoutReason("r"), files: ["a"] }),
);

test("whatever happens, only the tree that passed lands, once, when it may; and an end is an end", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
      let at = fresh;
      let landings = 0;
      let isTold = false;
      for (const event of events) {
        const before = at;
        const step = stepEntry(at, event);
        at = step.state;
        if (["landed", "returned", "removed"].includes(before.state)) expect(at).toBe(before);
        const begins = at.state === "landing" || at.state === "proposed";
        if (begins && before.state !== at.state) {
          expect(event).toMatchObject({ kind: "passed", tree: before.tree, waits: null });
          expect(before.base).not.toBe(null);
          if (event.kind === "passed" && event.needsApproval) expect(before.isApproved).toBe(true);
          if (at.state === "proposed") expect(at.pullRequest).not.toBe(null);
          else landings += 1;
        }
        for (const effect of step.effects) {
          if (effect.kind !== "stop-work") {
            expect(isTold).toBe(false);
            isTold = true;
          }
          if (effect.kind === "tell-landed" && event.kind === "moved") {
            expect(landings).toBeGreaterThan(0);
          }
        }
        expect(isTold).toBe(at.state === "landed" || at.state === "returned");
        if (before.state === "landing" && at.state !== "landing") {
          expect(["landed", "queued", "held"]).toContain(at.state);
        }
      }
    }),
    { numRuns: 2000 },
  );
});
