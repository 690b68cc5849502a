import { expect, test } from "vitest";
import { noteOfCheck } from "./describe-tests.ts";

const run = { runner: "vitest", passed: 8, failed: 0, skipped: 0, isWhole: true, isExcused: false };

test("a check's note is its reason, or the tests that fail, flaky ones told apart", () => {
  const failing = { ...run, failed: 2, failures: ["a", "b"], quarantined: ["b"] };
  expect(noteOfCheck({ reason: "it was killed", tests: failing })).toBe("it was killed");
  expect(noteOfCheck({ reason: null })).toBeNull();
  expect(
    noteOfCheck({ reason: null, tests: { ...run, failures: [], quarantined: [] } }),
  ).toBeNull();
  expect(noteOfCheck({ reason: null, tests: failing })).toBe(
    "2 of 10 tests fail: a; b. Known to be flaky: b.",
  );
  const excused = { ...failing, failed: 1, failures: ["b"], isExcused: true };
  expect(noteOfCheck({ reason: null, tests: excused })).toBe(
    "1 of 9 tests fails: b. All that fails is known to be flaky, and keeps nothing back.",
  );
  const many = { ...run, failed: 9, failures: ["a", "b", "c", "d", "e", "f"], quarantined: [] };
  expect(noteOfCheck({ reason: null, tests: many })).toBe(
    "9 of 17 tests fail: a; b; c; d; e and 4 more.",
  );
});
