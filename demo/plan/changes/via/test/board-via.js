import assert from "node:assert/strict";
import test from "node:test";
import { formatBoard } from "../src/format.js";
import { coast } from "./coast.js";

test("names the stations on the way", () => {
  assert.match(formatBoard(coast, "Aldermoor"), /Castleford via Brackwater/);
});

test("names none for the last leg", () => {
  assert.doesNotMatch(formatBoard(coast, "Dunmere"), /Eastry via/);
});
