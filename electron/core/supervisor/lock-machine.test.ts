import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Claim,
  type LocksEvent,
  type LocksState,
  noLocks,
  PASSES_MAX,
  stepLocks,
  waitingFor,
} from "./lock-machine.ts";

/** Plays words such as `a` (a command asks), `a!` (a check asks), `-a` (leaves), `~a` (loses its connection). */
function play(words: string, slots = 1): { state: LocksState; granted: string[] } {
  let state: LocksState = { ...noLocks, slots: { build: slots } };
  const granted: string[] = [];
  for (const word of words.split(" ")) {
    const step = stepLocks(state, toEvent(word));
    state = step.state;
    granted.push(...step.granted);
  }
  return { state, granted };
}

function toEvent(word: string): LocksEvent {
  const ticket = word.replace(/[-~!+]/g, "");
  if (word.startsWith("-")) return { kind: "left", ticket };
  if (word.startsWith("~")) return { kind: "lost", ticket };
  const rank = word.endsWith("!") ? "check" : "command";
  return { kind: "asked", ticket, lock: "build", rank, isRunning: word.startsWith("+") };
}

test("one slot goes from one to the next in the order in which they came", () => {
  expect(play("a b c").granted).toEqual(["a"]);
  expect(play("a b c -a -b").granted).toEqual(["a", "b", "c"]);
  expect(play("a b c -b -a").granted).toEqual(["a", "c"]);
});

test("three slots are held by three", () => {
  expect(play("a b c d e -b", 3).granted).toEqual(["a", "b", "c", "d"]);
});

test("a check of the queue goes ahead of commands that wait, and ends nobody's", () => {
  expect(play("a b c! -a -c").granted).toEqual(["a", "c", "b"]);
});

test("a command is passed only so often", () => {
  const checks = Array.from({ length: PASSES_MAX + 2 }, (_, at) => `c${at}!`);
  const leaving = checks.map((check) => `-${check.slice(0, -1)}`);
  const { granted } = play(["a", "b", ...checks, "-a", ...leaving].join(" "));
  expect(granted.indexOf("b")).toBe(PASSES_MAX + 1);
});

test("who lost its connection keeps its slot or its place; others may go first", () => {
  expect(play("a b c ~a").granted).toEqual(["a"]);
  expect(play("a b c ~b -a -c b").granted).toEqual(["a", "c", "b"]);
  expect(play("a b c ~b b -a").granted).toEqual(["a", "b"]);
});

test("who asks again for what it holds is granted it again, and holds one slot", () => {
  const { state, granted } = play("a b a");
  expect(granted).toEqual(["a", "a"]);
  expect(state.claims.filter(({ isHolding }) => isHolding)).toHaveLength(1);
});

test("a command that runs already holds a slot even where all are taken, and nothing begins until there is room", () => {
  expect(play("a +b c -a").granted).toEqual(["a", "b"]);
  expect(play("a +b c -a -b").granted).toEqual(["a", "b", "c"]);
});

test("after a core has begun nobody goes ahead of who is coming back", () => {
  const claims: readonly Claim[] = ["a", "b"].map((ticket) => ({
    ticket,
    lock: "build",
    rank: "command",
    isHolding: false,
    isAway: true,
    passed: 0,
  }));
  const begun: LocksState = { claims, slots: { build: 1 }, isSettling: true };
  const early = stepLocks(begun, toEvent("b"));
  expect(early.granted).toEqual([]);
  expect(stepLocks(early.state, toEvent("a")).granted).toEqual(["a"]);
  expect(stepLocks(early.state, { kind: "settled" }).granted).toEqual(["b"]);
});

test("two locks know nothing of each other", () => {
  const step = stepLocks(play("a b").state, {
    kind: "asked",
    ticket: "d",
    lock: "db",
    rank: "command",
    isRunning: false,
  });
  expect(step.granted).toEqual(["d"]);
});

test("more slots let those in who wait; fewer end nobody", () => {
  const { state } = play("a b c");
  const more = stepLocks(state, { kind: "slots", slots: { build: 2 } });
  expect(more.granted).toEqual(["b"]);
  const fewer = stepLocks(more.state, { kind: "slots", slots: { build: 1 } });
  expect(fewer.state.claims.filter(({ isHolding }) => isHolding)).toHaveLength(2);
  expect(stepLocks(fewer.state, toEvent("-a")).granted).toEqual([]);
});

test("nobody starves: with checks that never cease every command gets its turn, one for at most so many checks", () => {
  const commands = fc.integer({ min: 1, max: 6 });
  fc.assert(
    fc.property(commands, fc.integer({ min: 1, max: 3 }), (count, slots) => {
      let state: LocksState = { ...noLocks, slots: { build: slots } };
      const running: string[] = [];
      const turns: string[] = [];
      const tell = (word: string) => {
        const step = stepLocks(state, toEvent(word));
        state = step.state;
        running.push(...step.granted);
        turns.push(...step.granted);
      };
      for (let n = 0; n < slots; n++) tell(`before${n}`);
      for (let n = 0; n < count; n++) tell(`command${n}`);
      const checksMax = count * PASSES_MAX;
      for (let n = 0; n < checksMax + count + slots; n++) {
        // Another check is always there before a slot comes free.
        tell(`check${n}a!`);
        tell(`check${n}b!`);
        tell(`-${running.shift()}`);
      }
      const commandTurns = turns.filter((name) => name.startsWith("command"));
      expect(commandTurns).toEqual(Array.from({ length: count }, (_, n) => `command${n}`));
    }),
  );
});

const ticket = fc.nat(8).map(String);
const anEvent: fc.Arbitrary<LocksEvent> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("asked" as const),
      ticket,
      lock: fc.constantFrom("build", "db"),
      rank: fc.constantFrom("check" as const, "command" as const),
      isRunning: fc.constant(false),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("left" as const), ticket }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("lost" as const), ticket }) },
  fc.record({
    kind: fc.constant("slots" as const),
    slots: fc.record({ build: fc.integer({ min: 1, max: 3 }), db: fc.constant(1) }),
  }),
);

test("whatever happens: no grant beyond the slots, no slot free while somebody could take it, no one passed too often or out of order", () => {
  fc.assert(
    fc.property(fc.array(anEvent, { maxLength: 60 }), (events) => {
      let state = noLocks;
      for (const event of events) {
        const before = state;
        const step = stepLocks(state, event);
        state = step.state;
        for (const name of ["build", "db"]) {
          const of = ({ claims }: LocksState) => claims.filter(({ lock }) => lock === name);
          const slots = state.slots[name] ?? 1;
          const holders = of(state).filter(({ isHolding }) => isHolding);
          const old = of(before).filter(({ isHolding }) => isHolding).length;
          expect(holders.length).toBeLessThanOrEqual(Math.max(slots, old));
          const ready = of(state).filter(({ isHolding, isAway }) => !isHolding && !isAway);
          if (holders.length < slots) expect(ready).toEqual([]);
          for (const claim of of(state)) expect(claim.passed).toBeLessThanOrEqual(PASSES_MAX);
          for (const granted of holders.filter(({ ticket }) => isNew(before, ticket))) {
            const earlier = of(state).slice(0, of(state).indexOf(granted));
            const skipped = earlier.filter(
              ({ rank, isHolding, isAway }) => rank === granted.rank && !isHolding && !isAway,
            );
            expect(skipped).toEqual([]);
          }
          expect(waitingFor(state, name)).toHaveLength(of(state).length - holders.length);
        }
      }
    }),
    { numRuns: 300 },
  );
});

/** It did not hold a slot before. */
function isNew({ claims }: LocksState, ticket: string): boolean {
  return !claims.some((claim) => claim.ticket === ticket && claim.isHolding);
}
