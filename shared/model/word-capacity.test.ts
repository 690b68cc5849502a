import { expect, test } from "vitest";
import { wordInNeed, wordSlots, wordTotalWindow } from "./word-capacity.ts";

test("slots are told with the cap in force, and whether it was learned", () => {
  expect(wordSlots({ live: 3, cap: 10, learnedCap: null })).toBe("3 of 10");
  expect(wordSlots({ live: 3, cap: 10, learnedCap: 4 })).toBe("3 of 4 (learned)");
  expect(wordSlots({ live: 3, cap: 4, learnedCap: 7 })).toBe("3 of 4");
});

test("all windows together say of how many profiles they are, and one thing in need is one", () => {
  expect(wordTotalWindow({ percent: 65, known: 2 }, 4)).toBe("65 % on average, 2 of 4 known");
  expect(wordTotalWindow({ percent: null, known: 0 }, 4)).toBe("not known yet");
  expect([wordInNeed(1), wordInNeed(2)]).toEqual(["1 needs you", "2 need you"]);
});
