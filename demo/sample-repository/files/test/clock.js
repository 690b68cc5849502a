import assert from "node:assert/strict";
import test from "node:test";
import { formatClock, parseClock } from "../src/clock.js";

test("reads a time as minutes since midnight", () => {
  assert.equal(parseClock("08:05"), 485);
  assert.equal(parseClock("0:00"), 0);
});

test("writes minutes since midnight as a time", () => {
  assert.equal(formatClock(485), "08:05");
});

test("refuses what is not a time", () => {
  assert.throws(() => parseClock("8.05"), /not a time/);
  assert.throws(() => parseClock("08:61"), /not a time/);
});
