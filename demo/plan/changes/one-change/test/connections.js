import assert from "node:assert/strict";
import test from "node:test";
import { findConnections } from "../src/connections.js";
import { coast } from "./coast.js";

const namesOf = (connection) => connection.map((ride) => ride.train);

test("finds a way with one change", () => {
  const [first] = findConnections(coast, "Aldermoor", "Eastry");
  assert.deepEqual(namesOf(first), ["IC 101", "RE 7"]);
});

test("finds direct trains too", () => {
  const [first] = findConnections(coast, "Aldermoor", "Castleford");
  assert.deepEqual(namesOf(first), ["IC 101"]);
});

test("finds nothing after the last train", () => {
  assert.deepEqual(findConnections(coast, "Aldermoor", "Eastry", 20 * 60), []);
});
