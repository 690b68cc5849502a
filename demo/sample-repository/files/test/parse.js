import assert from "node:assert/strict";
import test from "node:test";
import { parseTimetable } from "../src/parse.js";
import { coast } from "./coast.js";

test("reads each line as a train with its stops", () => {
  assert.equal(coast.length, 5);
  assert.deepEqual(coast[0].stops[1], { station: "Brackwater", arrives: 520, departs: 522 });
});

test("passes over comments and empty lines", () => {
  assert.deepEqual(parseTimetable("# nothing\n\n"), []);
});

test("refuses a train with a single stop", () => {
  assert.throws(() => parseTimetable("IC 1 | Aldermoor 08:05"), /at least two stops/);
});
