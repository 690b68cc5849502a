import assert from "node:assert/strict";
import test from "node:test";
import { fareOf } from "../src/fares.js";

test("charges for each minute, rounded up", () => {
  assert.equal(fareOf({ departs: 0, arrives: 85 }), 930);
  assert.equal(fareOf({ departs: 0, arrives: 1 }), 260);
});
