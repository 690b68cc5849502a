import { expect, test } from "vitest";
import { coreOf, findRow } from "./find-row.ts";

/** A row that begins with `+` goes on from the one before it. */
function check(screen: readonly string[], told: string, at: string): void {
  const rows = {
    length: screen.length,
    read: (row: number) => {
      const text = screen[row] ?? "";
      return { text: text.replace(/^\+/, ""), isWrapped: text.startsWith("+") };
    },
  };
  const found = findRow(rows, coreOf(told));
  expect(found ? `${found.first}-${found.last}` : "nowhere").toBe(at);
}

test("the lowest line that holds it is found, also over several rows", () => {
  check(["make pie", "apple", "make pie"], "make pie", "2-2");
  check(["a long", "+ line that", "+ goes on", "$"], "long line that goes", "0-2");
  check(["one", "two"], "three", "nowhere");
  check([], "three", "nowhere");
});

test("what a search cut off does not count, and nothing is nowhere", () => {
  check(["before the needle in it", "$"], "…the needle…", "0-0");
  check(["one", ""], "  ", "nowhere");
});
