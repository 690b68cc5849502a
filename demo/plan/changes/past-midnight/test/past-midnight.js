import assert from "node:assert/strict";
import test from "node:test";
import { formatClock, parseClock } from "../src/clock.js";

test("reads a time of the next day", () => {
  assert.equal(parseClock("24:10"), 1450);
});

test("marks a time of the next day", () => {
  assert.equal(formatClock(1450), "00:10 +1");
});

test("refuses the day after the next", () => {
  assert.throws(() => parseClock("48:00"), /not a time/);
});
