import assert from "node:assert/strict";
import test from "node:test";
import * as timetable from "../src/index.js";

const promised = ["fareOf", "findConnections", "findTrainsArrivingBy", "formatCsv", "listStations"];

test("exports what the changelog promises", () => {
  const exported = new Map(Object.entries(timetable));
  for (const name of promised) assert.equal(typeof exported.get(name), "function", name);
});
