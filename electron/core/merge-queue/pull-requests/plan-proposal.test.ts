import fc from "fast-check";
import { expect, test } from "vitest";
import { freshPull, type PullRequest } from "../../../../shared/model/pull-request.ts";
import { EntryState } from "../../../../shared/model/queue-entry.ts";
import {
  choosePull,
  type ListedPull,
  nextAsk,
  nextProblem,
  planProposal,
} from "./plan-proposal.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const HERE = { remote: "origin", target: "main" };
const HEAD = "a".repeat(40);
const at = (ms: number) => new Date(NOW + ms).toISOString();
const opened: Partial<PullRequest> = { number: 7, url: "u", pushed: HEAD };
const trouble = (nextAt: string | null): Partial<PullRequest> => ({
  problem: { kind: "away", text: "t", hint: "h", since: at(0), tries: 1, nextAt },
});

function check(own: Partial<PullRequest>, kind: string, state: EntryState = "proposed", to = HERE) {
  const pull = { ...freshPull(HERE, null), ...own };
  expect(planProposal({ state, pull }, to, NOW).kind).toBe(kind);
}

test("what is new is proposed, and after trouble when that is over", () => {
  check({}, "propose");
  check(trouble(at(1_000)), "rest");
  check(trouble(at(-1)), "propose");
  check(trouble(null), "propose");
});
test("what is opened is asked after, now and then", () => {
  check({ ...opened, askAt: at(1_000) }, "rest");
  check({ ...opened, askAt: at(0) }, "ask");
  check({ ...opened, askAt: null }, "ask");
  check({ ...opened, askAt: at(-1), ...trouble(at(1_000)) }, "rest");
});
test("a clock that was set back puts nothing off for long", () =>
  check({ ...opened, askAt: at(3_600_000) }, "ask"));
test("new work of one that is open is pushed first", () =>
  check({ ...opened, pushed: null }, "propose"));
test("where the project proposes elsewhere, what was not begun is withdrawn, what may have begun is looked for and the rest is gone on with", () => {
  const other = { remote: "fork", target: "main" };
  check({}, "withdraw", "proposed", other);
  check(trouble(at(1_000)), "withdraw", "proposed", other);
  check({ openedAfter: 0 }, "look", "proposed", other);
  check({ openedAfter: 0, ...trouble(at(1_000)) }, "rest", "proposed", other);
  check(opened, "ask", "proposed", other);
});
test("of what is held and was opened it is asked, and nothing else is done", () => {
  check({}, "rest", "held");
  check({ ...opened, pushed: null }, "ask", "held");
  check(opened, "rest", "landing");
});

test("whatever is known of it, nothing is done for what is landing or merged, and nothing is opened for what is not proposed", () => {
  const instant = fc.constantFrom(null, at(-1), at(60_000));
  const pull = fc.record({
    number: fc.constantFrom(null, 7),
    pushed: fc.constantFrom(null, HEAD),
    openedAfter: fc.constantFrom(null, 0),
    askAt: instant,
    merged: fc.constantFrom(null, HEAD),
  });
  fc.assert(
    fc.property(
      pull,
      instant,
      fc.boolean(),
      fc.constantFrom(...EntryState.options),
      (own, next, isIll, state) => {
        const known = { ...freshPull(HERE, null), ...own, ...(isIll ? trouble(next) : {}) };
        const { kind } = planProposal({ state, pull: known }, HERE, NOW);
        if (state === "landing" || own.merged !== null) expect(kind).toBe("rest");
        if (["propose", "look", "withdraw"].includes(kind)) expect(state).toBe("proposed");
        if (kind === "ask") expect(own.number).not.toBe(null);
      },
    ),
  );
});

test("what is told again goes on since it began; of one that is open it is asked again within five minutes", () => {
  const failure = { why: "refused", text: "no", hint: "h" } as const;
  const pull = freshPull(HERE, null);
  const first = nextProblem(pull, failure, NOW);
  expect(first).toMatchObject({ kind: "refused", since: at(0), tries: 1, nextAt: at(900_000) });
  const again = nextProblem({ ...pull, ...opened, problem: first }, failure, NOW + 1_000);
  expect(again).toMatchObject({ since: at(0), tries: 2, nextAt: at(121_000) });
  const other = nextProblem({ ...pull, problem: again }, { ...failure, text: "else" }, NOW + 2_000);
  expect(other).toMatchObject({ since: at(2_000), tries: 3 });
});

test("it is asked after ever more rarely, up to five minutes apart", () => {
  const waits = [0, 1, 2, 3, 4, 50].map((asks) => Date.parse(nextAsk(asks, NOW)) - NOW);
  expect(waits).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000]);
});

const listed = (number: number, own: Partial<ListedPull> = {}): ListedPull => ({
  ...{ number, url: `u${number}`, state: "OPEN", head: HEAD, isForeign: false },
  ...own,
});

test("of those of a branch the open one is the entry's, or what was merged of this work, or what came after it began", () => {
  const pick = (pulls: readonly ListedPull[], openedAfter: number | null = null) =>
    choosePull(pulls, { pushed: HEAD, openedAfter })?.number ?? null;
  const closed = { state: "CLOSED" } as const;
  const merged = { state: "MERGED" } as const;
  expect(pick([])).toBe(null);
  expect(pick([listed(3, { isForeign: true })])).toBe(null);
  expect(pick([listed(2, closed), listed(3)])).toBe(3);
  expect(pick([listed(2, closed)])).toBe(null);
  expect(pick([listed(2, merged)])).toBe(2);
  expect(pick([listed(2, { ...merged, head: "b".repeat(40) })])).toBe(null);
  expect(pick([listed(2, closed), listed(3, closed)], 2)).toBe(3);
  expect(pick([listed(2, closed)], 2)).toBe(null);
});
