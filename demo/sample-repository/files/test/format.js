import assert from "node:assert/strict";
import test from "node:test";
import { formatBoard } from "../src/format.js";
import { coast } from "./coast.js";

test("lists the departures of a station in order", () => {
  const lines = formatBoard(coast, "Brackwater").split("\n");
  assert.deepEqual(
    lines.map((line) => line.slice(0, 5)),
    ["08:42", "09:00", "10:42", "11:00"],
  );
  assert.match(lines[0], /IC 101 .*Castleford/);
});

test("leaves out trains that end there", () => {
  assert.equal(formatBoard(coast, "Castleford"), "");
});
