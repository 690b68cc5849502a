import assert from "node:assert/strict";
import test from "node:test";
import { listStations } from "../src/stations.js";
import { coast } from "./coast.js";

test("lists every station once, in order", () => {
  const stations = ["Aldermoor", "Brackwater", "Castleford", "Dunmere", "Eastry"];
  assert.deepEqual(listStations(coast), stations);
});

test("lists nothing for an empty timetable", () => {
  assert.deepEqual(listStations([]), []);
});
