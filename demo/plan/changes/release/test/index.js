import assert from "node:assert/strict";
import test from "node:test";
import * as timetable from "../src/index.js";

test("exports what the changelog promises", () => {
  for (const name of ["fareOf", "findConnections", "findTrainsArrivingBy", "formatCsv", "listStations"]) {
    assert.equal(typeof timetable[name], "function", name);
  }
});
