import { expect, test } from "vitest";
import { type Lane, nextDueMs, planTurn, SLICE_BYTES, UNFOCUSED_INTERVAL_MS } from "./plan-turn.ts";

const NOW = 10_000;
const lane = (id: string, waitingBytes: number, more: Partial<Lane> = {}): Lane => ({
  id,
  waitingBytes,
  isFocused: false,
  writtenAtMs: 0,
  ...more,
});

function check(story: {
  lanes: readonly Lane[];
  budget: number;
  lastServed?: string;
  turns: Readonly<Record<string, number>>;
}) {
  const turns = planTurn(story.lanes, NOW, story.budget, story.lastServed ?? null);
  expect(Object.fromEntries(turns.map(({ id, bytes }) => [id, bytes]))).toEqual(story.turns);
}

test("gives the focused terminal all it has before any other", () => {
  check({
    lanes: [lane("a", 500), lane("b", 900, { isFocused: true })],
    budget: 1_000,
    turns: { b: 900, a: 100 },
  });
});

test("shares what is left in slices, so that a flood does not keep the others waiting", () => {
  check({
    lanes: [lane("flood", 10 * SLICE_BYTES), lane("calm", 200)],
    budget: 2 * SLICE_BYTES,
    turns: { flood: 2 * SLICE_BYTES - 200, calm: 200 },
  });
});

test("begins after the terminal that was served last", () => {
  const lanes = [lane("a", SLICE_BYTES), lane("b", SLICE_BYTES), lane("c", SLICE_BYTES)];
  check({ lanes, budget: SLICE_BYTES, lastServed: "a", turns: { b: SLICE_BYTES } });
  check({ lanes, budget: SLICE_BYTES, lastServed: "c", turns: { a: SLICE_BYTES } });
});

test("repaints a terminal without focus at most ten times a second", () => {
  const justWritten = { writtenAtMs: NOW - UNFOCUSED_INTERVAL_MS + 1 };
  check({ lanes: [lane("a", 10, justWritten)], budget: 100, turns: {} });
  check({
    lanes: [lane("a", 10, { ...justWritten, isFocused: true })],
    budget: 100,
    turns: { a: 10 },
  });
});

test("never gives more than the budget or than what waits", () => {
  check({ lanes: [lane("a", 0), lane("b", 30)], budget: 1_000, turns: { b: 30 } });
  check({ lanes: [lane("a", 700), lane("b", 700)], budget: 0, turns: {} });
});

test("knows when the next terminal is due", () => {
  expect(nextDueMs([lane("a", 0)], NOW)).toBeNull();
  expect(nextDueMs([lane("a", 1, { writtenAtMs: NOW - 30 }), lane("b", 0)], NOW)).toBe(NOW + 70);
  expect(nextDueMs([lane("a", 1, { writtenAtMs: NOW, isFocused: true })], NOW)).toBe(NOW);
});

test("gives out whole bytes, whatever the budget was measured to be", () => {
  check({
    lanes: [lane("a", 500), lane("b", 900, { isFocused: true })],
    budget: 1_000.6,
    turns: { b: 900, a: 100 },
  });
});
