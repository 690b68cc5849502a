import assert from "node:assert/strict";
import test from "node:test";
import { formatBoard } from "../src/format.js";
import { coast } from "./coast.js";

test("says how long a train takes to its last station", () => {
  const [line] = formatBoard(coast, "Aldermoor").split("\n");
  assert.match(line, / 85 min$/);
});
