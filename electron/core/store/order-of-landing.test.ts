import { expect, test } from "vitest";
import { orderOfLanding } from "./order-of-landing.ts";

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 21, 9, minutes)).toISOString();

/** Each as `name: priority, minute since when it waits[, minute since when it is a hot fix]`, in the order of their ranks. */
function check(entries: readonly (readonly [string, number, number, number?])[], order: string) {
  const placed = entries.map(([name, priority, waits, hot], rank) => ({
    ...{ name, priority, rank, waitsFrom: at(waits) },
    hotfixAt: hot === undefined ? null : at(hot),
  }));
  expect(orderOfLanding(placed).map(({ name }) => name)).toEqual(order.split(" "));
}

test("the more urgent goes first, and among equals who came first", () => {
  check(
    [
      ["a", 3, 0],
      ["b", 1, 0],
      ["c", 3, 0],
    ],
    "b a c",
  );
});
test("half an hour of waiting is worth one step of priority, so nobody waits for ever", () => {
  check(
    [
      ["old", 4, 0],
      ["new", 3, 29],
    ],
    "new old",
  );
  check(
    [
      ["old", 4, 0],
      ["new", 3, 31],
    ],
    "old new",
  );
  check(
    [
      ["old", 5, 0],
      ["new", 1, 121],
    ],
    "old new",
  );
});
test("a hot fix goes before all others, however long they wait, and after hot fixes that were made one earlier", () => {
  check(
    [
      ["old", 1, 0],
      ["hot", 5, 600, 600],
    ],
    "hot old",
  );
  check(
    [
      ["later", 1, 0, 20],
      ["first", 5, 10, 15],
    ],
    "first later",
  );
});
