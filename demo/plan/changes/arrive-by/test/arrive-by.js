import assert from "node:assert/strict";
import test from "node:test";
import { findTrainsArrivingBy } from "../src/search.js";
import { coast } from "./coast.js";

const arrivingBy = (by) =>
  findTrainsArrivingBy(coast, "Aldermoor", "Castleford", by).map((ride) => ride.train);

test("offers the latest departure first", () => {
  assert.deepEqual(arrivingBy(12 * 60), ["IC 103", "IC 101"]);
});

test("leaves out what arrives too late", () => {
  assert.deepEqual(arrivingBy(10 * 60), ["IC 101"]);
  assert.deepEqual(arrivingBy(9 * 60), []);
});
