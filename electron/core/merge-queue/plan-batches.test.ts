import fc from "fast-check";
import { expect, test } from "vitest";
import { EntryId, TaskId } from "../../../shared/model/ids.ts";
import type { EntryState } from "../../../shared/model/queue-entry.ts";
import { anyQueue, oneAtATime, oneIn } from "./invented-queues.ts";
import { planBatchSize } from "./plan-batch-size.ts";
import { planBatches, type QueueView } from "./plan-batches.ts";
import { type InventedBranch, isGood, type PlayedQueue, playQueue } from "./play-queue.ts";

const id = (entry: number) => EntryId.parse(`q-${entry}`);
type Known = "green" | "red" | "red twice" | "unknown";

/** `chain`: what is known of the trees of the first entries; those are under check, the others in `states` follow them. */
function view(
  chain: readonly Known[],
  states: readonly EntryState[] = [],
  more: Partial<QueueView> & {
    readonly waitsFor?: Readonly<Record<number, number>>;
    readonly needsApproval?: readonly number[];
    readonly hotfixes?: readonly number[];
  } = {},
): QueueView {
  const all = [...chain.map((): EntryState => "checking"), ...states];
  return {
    mode: "land",
    entries: all.map((state, at) => ({
      id: id(at + 1),
      task: TaskId.parse(`t-${at + 1}`),
      state,
      waitsFor: more.waitsFor?.[at + 1] ? [TaskId.parse(`t-${more.waitsFor[at + 1]}`)] : [],
      needsApproval: more.needsApproval?.includes(at + 1) ?? false,
      isHotfix: more.hotfixes?.includes(at + 1) ?? false,
    })),
    chain: chain.map((known, at) => ({
      id: id(at + 1),
      isGreen: known === "green",
      reds: known === "red" ? 1 : known === "red twice" ? 2 : 0,
    })),
    deferred: new Set(),
    passed: new Set(),
    held: { depth: 0, isFree: false, isHotfix: false, tasks: new Set(), aside: new Set() },
    size: 8,
    sections: 1,
    isTargetGood: true,
    retries: 1,
    ...more,
  };
}
const builds = (...entries: number[]) => ({ kind: "build", entries: entries.map(id) });
function check(parts: Parameters<typeof view>, wanted: object) {
  expect(planBatches(view(...parts))).toMatchObject(wanted);
}

test("what is queued is put together in the order of landing, up to the size of a batch", () => {
  check([[], ["queued", "queued", "queued"]], builds(1, 2, 3));
  check([[], ["queued", "queued", "queued"], { size: 2 }], builds(1, 2));
  check([["unknown"], ["queued"]], { ...builds(2), keep: 1 });
});
test("held entries and those that wait for approval let others pass", () =>
  check([[], ["held", "awaiting-approval", "queued"]], builds(3)));
test("nobody goes before what its task waits for, and right behind it in one batch", () => {
  check([[], ["queued", "queued"], { waitsFor: { 1: 2 } }], builds(2, 1));
  check([[], ["queued", "held", "queued"], { waitsFor: { 1: 2 } }], builds(3));
  check([[], ["queued", "held"], { waitsFor: { 1: 2 } }], { kind: "rest" });
});
test("whoever needs a person's yes is tested alone, and waits for it when green", () => {
  const needsApproval = [2];
  check([[], ["queued", "queued", "queued"], { needsApproval }], builds(1, 3));
  check([[], ["held", "queued", "queued"], { needsApproval }], builds(2));
  check([["green"], ["queued"], { needsApproval: [1] }], { kind: "ask-approval" });
});
test("a batch is run as a whole, and lands as a whole when it is green", () => {
  check([["unknown", "unknown", "unknown"]], { kind: "run", upTo: 3, purpose: "whole" });
  check([["unknown", "unknown", "green"]], { kind: "land", upTo: 3 });
});
test("a red batch is halved from the front; what stands before the one to blame lands", () => {
  const u = "unknown";
  check([[u, u, u, "red"]], { kind: "run", upTo: 2, purpose: "narrow" });
  check([[u, "green", u, "red"]], { kind: "land", upTo: 2 });
  check([[u, "red", u, "red"]], { kind: "run", upTo: 1 });
});
test("with more runs beside each other a red batch is cut into as many parts and one more", () => {
  const u = "unknown";
  const two = { sections: 2 };
  check([[u, u, u, u, u, "red"], [], two], { kind: "run", upTo: 4, beside: [2] });
  check([["green", "red"], [], two], { kind: "land", upTo: 1 });
  check([[u, "red"], [], two], { kind: "run", upTo: 1, beside: [] });
  check([[u, "green", u, "green", u, "red"], [], two], { kind: "land", upTo: 4 });
  check([[u, "red", u, "green", u, "red"], [], two], { kind: "run", upTo: 1, beside: [] });
  check([[u, u, u], [], two], { kind: "run", upTo: 3, beside: [], purpose: "whole" });
});
test("what is known to fail is never run again together with more behind it", () =>
  check([["unknown", "red", "unknown"], ["queued"]], { kind: "run", upTo: 1 }));
test("one that fails alone is run once more before it is blamed, and the target too", () => {
  check([["red", "unknown"]], { kind: "run", upTo: 1, purpose: "confirm" });
  check([["red twice"], [], { isTargetGood: false }], { kind: "check-target" });
  check([["red"], [], { retries: 0 }], { kind: "blame" });
  check([["red twice"], [], { retries: 2 }], { kind: "run", upTo: 1, purpose: "confirm" });
  check([["red twice"]], { kind: "blame" });
});
test("while nothing may land, all but landing goes on, and what has passed rests", () => {
  check([["unknown"], [], { mode: "verify" }], { kind: "run", upTo: 1 });
  check([["green"], [], { mode: "verify" }], { kind: "rest", why: "passed" });
  const size = 1;
  check([["green"], ["queued"], { mode: "verify", size }], { ...builds(2), keep: 1 });
  check([["green", "red"], ["queued"], { mode: "verify", size }], { kind: "rest", why: "passed" });
  const four = (["green", "green", "green", "green"] as const).slice();
  check([four, ["queued"], { mode: "verify", size }], {
    kind: "rest",
    tested: [1, 2, 3, 4].map(id),
  });
  const passed = new Set([id(1)]);
  check([[], ["queued"], { mode: "verify", passed }], { kind: "rest", why: "passed" });
  check([[], ["queued", "queued"], { mode: "verify", passed }], builds(1, 2));
});
test("a hot fix goes first and alone, whatever is under check", () => {
  const hotfixes = [3];
  check([[], ["queued", "queued", "queued"], { hotfixes }], { ...builds(3), keep: 0 });
  check([["green", "unknown"], ["queued"], { hotfixes }], { ...builds(3), keep: 0 });
  check([["unknown"], ["queued"], { hotfixes: [1] }], { kind: "run", upTo: 1 });
  check([["green"], ["queued"], { hotfixes: [1] }], { kind: "land", upTo: 1 });
  check([["red"], ["queued"], { hotfixes: [1] }], { kind: "run", purpose: "confirm" });
});
test("a hot fix that is held, or waits for another, lets others pass", () => {
  check([[], ["queued", "held"], { hotfixes: [2] }], builds(1));
  const waiting = { hotfixes: [2], waitsFor: { 2: 3 } };
  check([[], ["queued", "queued", "queued"], waiting], builds(1, 3));
});
test("in a freeze all but hot fixes rest once they have passed", () => {
  check([["unknown"], ["queued"], { mode: "frozen", size: 1 }], { kind: "run" });
  check([["green"], [], { mode: "frozen" }], { kind: "rest", why: "passed" });
  check([["green"], ["queued"], { mode: "frozen" }], { ...builds(2), keep: 1 });
  check([["green"], [], { mode: "frozen", hotfixes: [1] }], { kind: "land", upTo: 1 });
  const passed = new Set([id(1)]);
  check([[], ["queued", "queued"], { mode: "frozen", passed, hotfixes: [2] }], builds(2));
  check([[], ["queued"], { mode: "verify", passed, hotfixes: [1] }], { kind: "rest" });
});
test("a hot fix that may not land, and who needs a yes, keep no others untested", () => {
  const verify = { mode: "verify" } as const;
  const hot = { ...verify, hotfixes: [1] };
  check([["unknown"], ["queued"], hot], { kind: "run", upTo: 1 });
  check([["green"], ["queued"], hot], { ...builds(2), keep: 1 });
  check([[], ["queued", "queued"], { ...hot, passed: new Set([id(1)]) }], builds(1, 2));
  const yes = { ...verify, needsApproval: [1] };
  check([[], ["queued", "queued"], yes], builds(2));
  check([[], ["queued", "queued"], { ...yes, passed: new Set([id(2)]) }], builds(1));
  check([["green"], ["queued"], yes], { kind: "rest", why: "passed", tested: [] });
  const all = new Set([id(1), id(2)]);
  check([[], ["queued", "queued"], { ...yes, passed: all }], { kind: "rest", why: "passed" });
});
const held = (depth: number, more: Partial<QueueView["held"]> = {}) => ({
  held: {
    depth,
    isFree: false,
    isHotfix: false,
    tasks: new Set<TaskId>(),
    aside: new Set<EntryId>(),
    ...more,
  },
});
test("on top of what the checkout holds the queue goes on testing, three batches deep, and lands nothing before it", () => {
  check([[], ["queued", "queued"], held(1)], builds(1, 2));
  check([["unknown"], [], held(1)], { kind: "run", upTo: 1 });
  check([["unknown", "green"], [], held(3)], { kind: "stack", upTo: 2 });
  check([[], ["queued"], held(4)], { kind: "rest", why: "held" });
  check([["green"], [], held(2, { isFree: true })], { kind: "land-held" });
});
test("nobody is blamed on top of what has not landed, and who does not go there waits", () => {
  check([["red", "unknown"], [], held(1)], { kind: "set-aside" });
  check([[], ["queued", "queued"], held(1, { aside: new Set([id(1)]) })], builds(2));
  check([[], ["queued"], { ...held(1), needsApproval: [1] }], { kind: "rest" });
  const after = { waitsFor: { 1: 9 } };
  check([[], ["queued"], { ...held(1), ...after }], { kind: "rest" });
  check(
    [[], ["queued"], { ...held(1, { tasks: new Set([TaskId.parse("t-9")]) }), ...after }],
    builds(1),
  );
});
test("a hot fix overtakes what is held, but no other hot fix", () => {
  const hotfixes = [2];
  check([["unknown"], ["queued"], { ...held(4), hotfixes }], { ...builds(2), keep: 0 });
  const hot = { isHotfix: true };
  check([[], ["queued", "queued"], { ...held(1, hot), hotfixes }], builds(2));
  check([[], ["queued", "queued"], { ...held(4, hot), hotfixes }], { kind: "rest", why: "held" });
  const aside = new Set([id(2)]);
  check([[], ["queued", "queued"], { ...held(1, { ...hot, aside }), hotfixes }], builds(1));
});
test("a stopped queue begins nothing", () =>
  check([[], ["queued"], { mode: "stopped" }], { kind: "rest" }));
test("what stands on an entry that was taken out is built anew", () => {
  const { entries, ...rest } = view(["unknown", "unknown", "unknown"]);
  const held = entries.map((each, at) => (at === 1 ? { ...each, state: "held" as const } : each));
  expect(planBatches({ ...rest, entries: held })).toMatchObject({ ...builds(3), keep: 1 });
});
test("an entry that conflicts with a member goes after it", () => {
  const deferred = new Set([id(2)]);
  check([["unknown"], ["queued", "queued"], { deferred }], builds(3));
  check([[], ["held", "queued"], { deferred }], builds(2));
});

test("the size of a batch follows what came of the last branches", () => {
  const sizes = [
    { bad: 0, all: 0 },
    { bad: 0, all: 200 },
    { bad: 10, all: 200 },
    { bad: 40, all: 200 },
    { bad: 200, all: 200 },
  ].map(planBatchSize);
  expect(sizes).toEqual([10, 32, 13, 3, 1]);
});

const anySize = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant("learned" as const));
const ids = (queue: PlayedQueue) => ({
  landed: queue.landings.flat().toSorted((a, b) => a - b),
  returned: queue.returned.map(({ branch }) => branch).toSorted((a, b) => a - b),
});
const sorted = (list: readonly number[]) => list.toSorted((a, b) => a - b);

function checkLandings(branches: readonly InventedBranch[], { landings }: PlayedQueue) {
  const target: number[] = [];
  for (const landing of landings) {
    target.push(...landing);
    expect(isGood(branches, target)).toBe(true);
  }
  for (const [at, branch] of target.entries()) {
    const { parent = null } = branches[branch] ?? {};
    if (parent !== null) expect(target.slice(0, at)).toContain(parent);
  }
}

test("without flaky checks batches land and return exactly what one at a time would, with few runs", () => {
  fc.assert(
    fc.property(anyQueue, fc.integer({ min: 1, max: 12 }), (branches, size) => {
      const played = playQueue({ branches, size, isFlaky: () => false });
      const wanted = oneAtATime(branches);
      expect(ids(played)).toEqual({
        landed: sorted(wanted.landed),
        returned: sorted(wanted.returned),
      });
      checkLandings(branches, played);
      const { length: all } = branches;
      const conflicts = played.returned.filter(({ why }) => why === "conflict").length;
      const reds = played.returned.length - conflicts;
      const deferrals = conflicts + branches.filter(({ parent }) => parent != null).length;
      const most = Math.ceil(all / size) + reds * (Math.ceil(Math.log2(size)) + 3) + deferrals;
      expect(played.runs.length).toBeLessThanOrEqual(most);
    }),
    { numRuns: 3000 },
  );
}, 240_000);

test("with flaky checks it ends, and never lands what is bad", () => {
  fc.assert(
    fc.property(anyQueue, anySize, fc.infiniteStream(oneIn(3)), (branches, size, flakes) => {
      const isFlaky = () => flakes.next().value === true;
      const played = playQueue({ branches, size, isFlaky });
      checkLandings(branches, played);
      const { landed, returned } = ids(played);
      expect(new Set([...landed, ...returned]).size).toBe(landed.length + returned.length);
      for (const { isBad, parent = null } of branches.filter((_, at) => landed.includes(at))) {
        expect(isBad).toBe(false);
        if (parent !== null) expect(landed).toContain(parent);
      }
      const stuck = branches.flatMap(({ parent = null }, at) =>
        landed.includes(at) || returned.includes(at) ? [] : [parent],
      );
      for (const parent of stuck) expect(landed).not.toContain(parent);
    }),
    { numRuns: 2000 },
  );
}, 240_000);

test("with runs beside each other exactly the same lands and returns", () => {
  fc.assert(
    fc.property(
      anyQueue,
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 2, max: 4 }),
      (branches, size, sections) => {
        const played = playQueue({ branches, size, sections, isFlaky: () => false });
        const alone = playQueue({ branches, size, isFlaky: () => false });
        expect(ids(played)).toEqual(ids(alone));
        checkLandings(branches, played);
        expect(Math.max(0, ...played.runSteps)).toBeLessThanOrEqual(sections);
        expect(played.runSteps.reduce((sum, runs) => sum + runs, 0)).toBe(played.runs.length);
      },
    ),
    { numRuns: 1000 },
  );
}, 240_000);

test("with runs beside each other and flaky checks it ends, and never lands what is bad", () => {
  fc.assert(
    fc.property(anyQueue, anySize, fc.infiniteStream(oneIn(3)), (branches, size, flakes) => {
      const isFlaky = () => flakes.next().value === true;
      const played = playQueue({ branches, size, sections: 2, isFlaky });
      checkLandings(branches, played);
    }),
    { numRuns: 1000 },
  );
}, 240_000);

test("whoever needs a yes lands alone, and the rest as if it were not there", () => {
  fc.assert(
    fc.property(anyQueue, fc.infiniteStream(fc.boolean()), anySize, (queue, needs, size) => {
      const branches = queue.map((each) => ({
        ...each,
        needsApproval: needs.next().value === true,
      }));
      const played = playQueue({ branches, size, isFlaky: () => false });
      checkLandings(branches, played);
      for (const landing of played.landings) {
        const isAlone = landing.length === 1;
        expect(isAlone || !landing.some((each) => branches[each]?.needsApproval)).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});

test("hot fixes land alone and first, in a freeze nothing else does, and the rest is as without them", () => {
  fc.assert(
    fc.property(anyQueue, fc.infiniteStream(oneIn(4)), anySize, (queue, hot, size) => {
      const branches = queue.map((each) => ({
        ...each,
        isHotfix: (each.parent ?? null) === null && hot.next().value === true,
      }));
      const isHot = (branch: number) => branches[branch]?.isHotfix === true;
      const played = playQueue({ branches, size, isFlaky: () => false });
      checkLandings(branches, played);
      const order = played.landings.flat();
      const urgent = order.filter(isHot);
      expect(order.slice(0, urgent.length)).toEqual(urgent);
      expect(urgent).toEqual(sorted(urgent));
      for (const landing of played.landings) {
        expect(landing.length === 1 || !landing.some(isHot)).toBe(true);
      }
      const frozen = playQueue({ branches, size, isFlaky: () => false, mode: "frozen" });
      expect(frozen.landings.flat()).toEqual(urgent);
    }),
    { numRuns: 1000 },
  );
}, 240_000);

test("whatever a checkout is in the way of lands in order and as it was tested, and no one is lost or blamed for it", () => {
  const streams = fc.tuple(fc.infiniteStream(oneIn(2)), fc.infiniteStream(oneIn(5)));
  fc.assert(
    fc.property(anyQueue, streams, anySize, (queue, [blocked, hot], size) => {
      const branches = queue.map((each) => ({
        ...each,
        isHotfix: (each.parent ?? null) === null && hot.next().value === true,
      }));
      const isBlocked = () => blocked.next().value === true;
      const played = playQueue({ branches, size, isFlaky: () => false, isBlocked });
      checkLandings(branches, played);
      const { landed, returned } = ids(played);
      expect(new Set([...landed, ...returned]).size).toBe(landed.length + returned.length);
      for (const [at, { isBad, parent = null }] of branches.entries()) {
        const isOver = landed.includes(at) || returned.includes(at);
        expect(isOver || parent !== null).toBe(true);
        if (!isOver && parent !== null) expect(landed).not.toContain(parent);
        if (isBad) expect(landed).not.toContain(at);
      }
    }),
    { numRuns: 1500 },
  );
}, 240_000);

test("eight of which one is bad take six runs at most, and the bad one is red twice alone", () => {
  for (let bad = 0; bad < 8; bad++) {
    const branches = Array.from({ length: 8 }, (_, at) => ({ isBad: at === bad }));
    const played = playQueue({ branches, size: 10, isFlaky: () => false });
    expect(played.returned).toEqual([{ branch: bad, why: "red" }]);
    expect(played.landings.flat()).toHaveLength(7);
    expect(played.runs.length).toBeLessThanOrEqual(6);
  }
});
