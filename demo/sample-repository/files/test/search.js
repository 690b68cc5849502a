import assert from "node:assert/strict";
import test from "node:test";
import { findTrains } from "../src/search.js";
import { coast } from "./coast.js";

test("finds direct trains, the earliest first", () => {
  const rides = findTrains(coast, "Aldermoor", "Castleford");
  assert.deepEqual(
    rides.map((ride) => ride.train),
    ["IC 101", "IC 103"],
  );
});

test("leaves out what has departed", () => {
  assert.equal(findTrains(coast, "Aldermoor", "Castleford", 9 * 60).length, 1);
});

test("knows that a train does not run backwards", () => {
  assert.deepEqual(findTrains(coast, "Castleford", "Aldermoor"), []);
});
